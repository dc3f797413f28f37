import { signal } from '@preact/signals';

/** Milliseconds since 1970, once a second. */
export const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 1000);

/** As short as can be: `3 s`, `5 min`, `2 h`, `4 d`. */
export function age(sinceMs: number): string {
  const seconds = Math.max(0, Math.round((now.value - sinceMs) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
