import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SCOPES, signToken } from '@dronecast/auth';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { openTab, requiresChromium } from '../../../test/support/chromium.js';
import { testFolder } from '../../../test/support/folder.js';
import { startStandalone } from './start-standalone.js';

const skip = !requiresChromium(t) && 'chromium missing';
const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';

/** Where an empty page is served. Chromium resolves names below `localhost` itself; they are no origin of the standalone's. */
async function startSite(t: Test): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/sandbox') response.setHeader('content-security-policy', 'sandbox allow-scripts');
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Site</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close().closeAllConnections());
  return `http://site.localhost:${(server.address() as AddressInfo).port}`;
}

type Transport = 'auto' | 'ws' | 'sse' | 'poll';

/** What a page gets with the client that the service serves: the state by which it ends or goes live, and its errors. */
const follow = (page: Page, url: string, options: { token?: string | undefined; transport?: Transport }) =>
  page.evaluate(
    async ({ url, options }) => {
      const { connect } = await import(`${url}/client.js`);
      const client = connect({ url, ...options });
      const { state, error } = await new Promise<{ state: string; error?: Error & { code?: number } }>(
        (resolve) => {
          client.on('status', (status: { state: string }) => {
            if (status.state === 'live' || status.state === 'closed') resolve(status);
          });
        },
      );
      await client.close();
      return { state, name: error?.name, code: error?.code, message: error?.message };
    },
    { url, options },
  );

/** What a page gets of the API, also for a drone that it watches by another relay: serial numbers and a status, or errors. */
const read = (page: Page, url: string, token: string | undefined, relay: string) =>
  page.evaluate(
    async ({ url, token, relay }) => {
      const { connect, createApi } = await import(`${url}/client.js`);
      const client = connect({ url: relay, api: url, token });
      client.on('warning', () => {});
      const watch = client.watch('A-1');
      const watched = await watch.ready.then(() => watch.value?.deviceSerialNumber, String);
      await client.close();
      const api = createApi({ url, token });
      const params = { path: { sn: 'A-1' } };
      const path = '/api/v1/drones/sn/{sn}';
      const toStatus = ({ response }: { response: Response }): number => response.status;
      return {
        watched,
        got: await api.GET(path, { params }).then(toStatus, String),
        changed: await api.PATCH(path, { params, body: { streamIsOn: true } }).then(toStatus, String),
      };
    },
    { url, token, relay },
  );

for (const mode of ['without tokens', 'with tokens']) {
  t.test(`a page whose origin is refused is told how to allow it, ${mode}`, { skip }, async (t) => {
    const site = await startSite(t);
    const folder = t.testdir();
    const env = {
      ...(mode === 'with tokens' && { AUTH_MODE: 'jwt', JWT_SECRET: SECRET }),
    };
    const content = { sub: 'ops', scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 3600 };
    const token = mode === 'with tokens' ? await signToken(content, SECRET) : undefined;
    const refusing = await startStandalone(t, { ...env, DATA_DIR: join(folder, 'refusing') });
    const headers = { ...(token && { authorization: `Bearer ${token}` }) };
    await call(refusing.url, 'POST', '/api/v1/drones/register', registration('A-1'), headers);
    const { page } = await openTab(t);
    await page.goto(site);
    const message = `Pages of ${site} may not connect. To allow them, add ${site} to CORS_ORIGINS of this service`;
    for (const transport of ['auto', 'ws', 'sse', 'poll'] as const) {
      const refused = { state: 'closed', name: 'RefusedError', code: 403, message };
      t.same(await follow(page, refusing.url, { token, transport }), refused, transport);
    }
    const allowing = await startStandalone(t, {
      ...env,
      DATA_DIR: join(folder, 'allowing'),
      CORS_ORIGINS: site,
    });
    const refusal = `RefusedError: ${message}`;
    t.same(await read(page, refusing.url, token, allowing.url), {
      watched: refusal,
      got: refusal,
      changed: refusal,
    });

    await page.goto(`${site}/sandbox`);
    t.match(await follow(page, refusing.url, { token }), {
      name: 'RefusedError',
      message: /opened from disk or runs in a sandbox/,
    });

    await page.goto(site);
    for (const transport of ['auto', 'ws', 'sse', 'poll'] as const)
      t.match(await follow(page, allowing.url, { token, transport }), { state: 'live' }, transport);
    await call(allowing.url, 'POST', '/api/v1/drones/register', registration('A-1'), headers);
    t.same(await read(page, allowing.url, token, allowing.url), { watched: 'A-1', got: 200, changed: 200 });
  });
}

t.test('the refusal alone may be read by any page', async (t) => {
  const { url } = await startStandalone(t, { DATA_DIR: testFolder(t) });
  const ask = async (path: string, origin: string) => {
    const { status, headers } = await call(url, 'GET', path, undefined, { origin });
    return { status, readable: headers['access-control-allow-origin'] };
  };
  for (const path of ['/poll/origin', '/api/v1/origin', '/poll/events?wait=0', '/sse/events']) {
    t.same(await ask(path, 'http://evil.example'), { status: 403, readable: '*' }, path);
    t.same(await ask(path, 'null'), { status: 403, readable: '*' }, `${path} null`);
  }
  for (const path of ['/poll/origin', '/api/v1/origin']) {
    t.same(
      await ask(path, 'http://localhost:8000'),
      { status: 204, readable: 'http://localhost:8000' },
      path,
    );
    t.match(await ask(path, url), { status: 204 }, `${path} of its own`);
  }
  for (const path of [
    '/api/v1/drones',
    '/api/v1/drones/sn/A',
    '/poll/events?wait=99&sn=*',
    '/no/such',
    '/config.json',
  ])
    t.match(await ask(path, 'http://evil.example'), { readable: undefined }, path);
});
