import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { openTab, requiresChromium } from '../../../test/support/chromium.js';
import { testFolder } from '../../../test/support/folder.js';
import { Queue } from '../../../test/support/queue.js';
import type { Frame } from '../../../test/support/socket-client.js';
import { startStandalone } from './start-standalone.js';

const skip = !requiresChromium(t) && 'chromium missing';

t.test('a page of another site follows by what every browser has, over a restart', { skip }, async (t) => {
  const site = createServer((_request, response) => response.end('<!doctype html><title>Site</title>'));
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  t.teardown(() => site.close());
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const env = { DATA_DIR: testFolder(t), CORS_ORIGINS: origin, PORT: `${await freePort()}` };
  const before = await startStandalone(t, env);
  const { url } = before;

  const { page } = await openTab(t);
  const frames = new Queue<Frame>();
  await page.exposeFunction('receive', (text: string) => frames.push(JSON.parse(text)));
  await page.goto(origin);
  await page.evaluate((address) => {
    const { receive } = window as unknown as { receive(text: string): void };
    new EventSource(address).onmessage = ({ data }) => receive(data);
  }, `${url}/sse/events?sn=A*`);
  t.match(await frames.next(), { event: 'relay.connected', data: { resumed: false } });
  await call(url, 'POST', '/api/v1/drones/register', registration('A-1'));
  const created = await frames.next();
  t.match(created, { event: 'drone.created', serialNumber: 'A-1' });

  const since = created.id;
  const polled = await page.evaluate(
    async ([address]) => {
      const answer = await fetch(`${address}`, { headers: { authorization: 'Bearer none-is-asked-for' } });
      return answer.json();
    },
    [`${url}/poll/events?wait=0&since=${since}`],
  );
  t.match(polled, { events: [], cursor: since });

  await before.stop();
  t.match(await frames.next(), { event: 'relay.draining' });
  await startStandalone(t, env);
  t.match(await frames.next(), { event: 'relay.connected', data: { resumed: false } });
  t.match(await frames.next(), { event: 'relay.gap', data: { reason: 'history lost' } });
});

t.test('the relay is in the AsyncAPI document, and REST in the other', async (t) => {
  const { url } = await startStandalone(t, { DATA_DIR: testFolder(t) });
  const { paths } = (await call(url, 'GET', '/openapi.json')).body;
  const { channels } = (await call(url, 'GET', '/asyncapi.json')).body;
  const addresses = Object.values<{ address: string }>(channels).map(({ address }) => address);
  t.same(addresses, ['/ws/events', '/sse/events', '/poll/events']);
  t.same(
    Object.keys(paths).filter((path) => !/^\/(api|health)/.test(path)),
    [],
  );
});
