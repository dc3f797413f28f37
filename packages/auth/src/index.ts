export { type Access, EVERYTHING_ALLOWED, SCOPES, type Scope } from './access.js';
export { AuthError, type AuthErrorCode } from './auth-error.js';
export { authPlugin, markPublic } from './auth-plugin.js';
export { type Authenticator, createAuthenticator } from './authenticator.js';
export { readToken, SUBPROTOCOL, selectSubprotocol } from './bearer-token.js';
export { type Narrowed, narrow, owns } from './ownership.js';
export { type AuthOptions, authSettings, toAuthOptions } from './settings.js';
export { signToken, type TokenContent } from './sign-token.js';
