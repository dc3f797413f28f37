/** What a token's `scope` claim can allow. */
export const SCOPES = [
  'drones:read',
  'drones:write',
  'incidents:write',
  'events:read',
  'system:broadcast',
  'credentials:read',
] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (name: string): name is Scope => SCOPES.some((scope) => scope === name);

/** What one caller may do. Never changed: a renewed token gives a new one. */
export interface Access {
  /** Whom the token was made for; undefined when nobody had to show one. */
  readonly subject: string | undefined;
  readonly scopes: ReadonlySet<Scope>;
  /** The caller's serial numbers and prefixes (`abc*`; `*` is every drone). */
  readonly drones: ReadonlySet<string>;
  /** The token's `exp` in milliseconds since 1970; undefined when access never ends. */
  readonly expiresAt: number | undefined;
}

/** Every caller's access with `AUTH_MODE=none`. */
export const EVERYTHING_ALLOWED: Access = {
  subject: undefined,
  scopes: new Set(SCOPES),
  drones: new Set(['*']),
  expiresAt: undefined,
};

/** Every caller's access to a public route, which asks nobody for a token. */
export const NOTHING_ALLOWED: Access = {
  subject: undefined,
  scopes: new Set(),
  drones: new Set(),
  expiresAt: undefined,
};
