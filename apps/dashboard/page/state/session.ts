import { computed, signal } from '@preact/signals';
import { config } from './config.js';

const KEY = 'dronecast.token';

export type Scope =
  | 'drones:read'
  | 'drones:write'
  | 'incidents:write'
  | 'events:read'
  | 'system:broadcast'
  | 'credentials:read';

/** Lives as long as the tab, and never stands in a URL. */
export const token = signal(sessionStorage.getItem(KEY) ?? undefined);
/** The token as a connection takes it: it stays as it is until the page is loaded anew, so a 401 ends the connection. */
export const tokenOption = (): { token?: string } =>
  config.isTokenNeeded && token.value !== undefined ? { token: token.value } : {};
/** Why the token page is shown, when it is. */
export const refusal = signal<string>();

export const isSignedOut = computed(
  () => refusal.value !== undefined || (config.isTokenNeeded && token.value === undefined),
);

interface Claims {
  readonly sub?: string;
  readonly scope?: string;
}

/** Undefined when the text is no JWT. The API checks it; the page only wants to know what to offer. */
function readClaims(jwt: string): Claims | undefined {
  try {
    const payload = jwt.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '';
    return JSON.parse(atob(payload));
  } catch {
    return undefined;
  }
}

const claims = computed(() => (token.value === undefined ? undefined : readClaims(token.value)));
export const subject = computed(() => claims.value?.sub);

/** Whether to offer what needs a scope. */
export const mayUse = (scope: Scope): boolean =>
  !config.isTokenNeeded || (claims.value?.scope ?? '').split(' ').includes(scope);

/** Throws a text that says what is wrong with it. */
export function signIn(text: string): void {
  const jwt = text.trim().replace(/^Bearer\s+/i, '');
  if (!readClaims(jwt)) throw 'This is no JWT: three parts, separated by dots.';
  sessionStorage.setItem(KEY, jwt);
  location.reload();
}

export function signOut(why?: string): void {
  sessionStorage.removeItem(KEY);
  token.value = undefined;
  refusal.value = why ?? 'Signed out.';
}
