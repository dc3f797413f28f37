import { signal } from '@preact/signals';

/** What the page shows stands in its query, so that a link shows the same. */
const params = signal(new URLSearchParams(location.search));
addEventListener('popstate', () => {
  params.value = new URLSearchParams(location.search);
});

export const param = (name: string): string => params.value.get(name) ?? '';

function change(changes: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(params.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  params.value = next;
  return next.size > 0 ? `?${next}` : location.pathname;
}

/** Goes there, with a way back. Empty values are taken out. */
export const go = (changes: Readonly<Record<string, string>>): void =>
  history.pushState(null, '', change(changes));

/** As `go`, but for what changes with each key. */
export const adjust = (changes: Readonly<Record<string, string>>): void =>
  history.replaceState(null, '', change(changes));
