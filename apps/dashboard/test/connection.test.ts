import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { startProcess } from '../../../test/support/process.js';
import { until } from '../../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import { openDashboard } from './dashboard.js';

const hasAll = [requiresRedis(t), requiresMongo(t), requiresChromium(t)].every(Boolean);

t.test(
  'the relay goes and comes back, and nothing is missing',
  { skip: !hasAll && 'no servers' },
  async (t) => {
    const [redis, mongo] = await Promise.all([startRedis(t), startMongo(t)]);
    const [apiPort, relayPort] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${apiPort}`;
    const shared = { REDIS_URL: redis.url };
    const isReady = (base: string) => until(async () => (await fetch(`${base}/health/ready`)).ok);
    await startProcess(t, 'apps/api/dist/server.js', {
      ...shared,
      PORT: `${apiPort}`,
      MONGODB_URL: mongo.url,
      RELAY_PUBLIC_URL: `http://127.0.0.1:${relayPort}`,
    });
    const startRelay = async () => {
      const env = { ...shared, PORT: `${relayPort}`, CORS_ORIGINS: url, DRAIN_MS: '500' };
      const relay = await startProcess(t, 'apps/relay/dist/server.js', env);
      await isReady(relay.url);
      return relay;
    };
    const relay = await startRelay();
    await isReady(url);
    await call(url, 'POST', '/api/v1/drones/register', registration('LINK-1'));
    const patch = (body: object) => call(url, 'PATCH', '/api/v1/drones/sn/LINK-1', body);

    const { page, chip, row, view, complaints } = await openDashboard(t, url);
    await chip.getByText('Live', { exact: true }).waitFor();
    await row('LINK-1').getByText('Stream off').waitFor();
    await relay.stop('SIGKILL');
    await chip.getByText('Not live').waitFor();
    await page.getByText(/^Shown as it was \d+ s ago\.$/).waitFor();
    await patch({ streamIsOn: true });
    await patch({ isUsingAiDetection: true });
    const next = await startRelay();
    // By whichever transport it was just trying.
    await chip.getByText(/^(Live|Live by SSE|Polling) · 4 replayed$/).waitFor();
    await row('LINK-1').getByText('Stream on').waitFor();
    await row('LINK-1').getByText('AI on').waitFor();
    await view('Console');
    t.same((await page.locator('.frames .head').allTextContents()).reverse(), [
      'drone.updated drone:LINK-1:updated rev 2',
      'drone.stream.status drone:LINK-1:stream rev 2',
      'drone.updated drone:LINK-1:updated rev 3',
      'drone.ai.detection.toggled drone:LINK-1:ai rev 3',
    ]);

    await view('Fleet');
    await next.stop('SIGTERM');
    // Without any relay the page goes on by REST.
    await patch({ deviceName: 'By REST' });
    await row('LINK-1').getByText('By REST').waitFor();
    t.match(await chip.textContent(), /^Not live\. Last update \d+ s ago$/);
    for (const complaint of complaints) t.match(complaint, /ERR_|503|CORS/);
  },
);
