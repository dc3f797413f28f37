import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Test } from 'tap';

export const SECRET = 'a-secret-for-tests-that-is-long-enough-for-HS384-too';
export const silent = { warn() {} };

export const nowSeconds = () => Math.floor(Date.now() / 1000);
export const inAnHour = () => nowSeconds() + 3600;

/** A token signed with a shared secret, with nothing in it but what is given. */
export const signWith = (secret: string, claims: JWTPayload, alg = 'HS256'): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));

/** A key pair of an issuer. */
export async function createKey(kid: string, alg = 'RS256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    publicKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims: JWTPayload = { sub: 'ops', exp: inAnHour() }): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(privateKey),
  };
}

export type Key = Awaited<ReturnType<typeof createKey>>;

/** An issuer that serves its key set by HTTP, and can be broken. */
export async function startIssuer(t: Test, keys: Key[]) {
  const state = { keys, answer: 200, fetches: 0 };
  const server = createServer((_request, response) => {
    state.fetches += 1;
    response.writeHead(state.answer, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: state.keys.map(({ jwk }) => jwk) }));
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  t.teardown(() => server.listening && stop());
  return { state, stop, restart: () => listen(port), url: new URL(`http://127.0.0.1:${port}/jwks.json`) };
}
