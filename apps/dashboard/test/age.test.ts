import t, { type Test } from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { startBalancer } from '../../../test/support/balancer.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';

/** A page that reaches its standalone through a proxy that can fall silent. */
async function openThroughProxy(t: Test, env: Record<string, string> = {}, hasWebSocket = true) {
  const { url, port } = await startStandalone(t, env);
  await call(url, 'POST', '/api/v1/drones/register', registration('AGE-1'));
  const proxy = await startBalancer(t);
  proxy.add(port);
  const dashboard = await openDashboard(t, 'about:blank');
  const { page, row } = dashboard;
  if (!hasWebSocket) await page.routeWebSocket(/ws\/events/, (socket) => socket.close());
  await page.goto(proxy.url);
  await row('AGE-1').waitFor();
  return { ...dashboard, url, proxy };
}

t.test('a connection that falls silent is amber, with the age of the last frame', { skip }, async (t) => {
  const { page, chip, proxy, row, url, complaints } = await openThroughProxy(t);
  await chip.getByText('Live', { exact: true }).waitFor();
  proxy.stall();
  await call(url, 'PATCH', '/api/v1/drones/sn/AGE-1', { streamIsOn: true });
  const amber = page.locator('.chip.busy');
  await amber.getByText(/^Live\. Last heard \d+ s ago$/).waitFor();
  await page.locator('.rows.stale').waitFor();
  await page.getByText(/^Shown as it was ([5-9]|\d\d) s ago\.$/).waitFor();
  await page.getByRole('status').getByText('The relay does not answer.').waitFor();
  t.equal(await row('AGE-1').getByText('Stream off').count(), 1);
  proxy.flow();
  await page.locator('.chip.good').getByText('Live', { exact: true }).waitFor();
  await page.locator('.rows.stale').waitFor({ state: 'detached' });
  await row('AGE-1').getByText('Stream on').waitFor();
  t.same(complaints, []);
});

t.test('the age is counted from the last frame, not from when the loss was found', { skip }, async (t) => {
  const { page, chip, proxy } = await openThroughProxy(t, { HEARTBEAT_MS: '4000' }, false);
  await chip.getByText('Live by SSE', { exact: true }).waitFor();
  proxy.stall();
  await page
    .locator('.chip.busy')
    .getByText(/^Live by SSE\. Last heard \d+ s ago$/)
    .waitFor();
  await chip.getByText(/^Not live\. Last update ([89]|\d\d) s ago$/).waitFor();
  await page.locator('.rows.stale').waitFor();
});

t.test('a browser that goes offline asks the relay at once', { skip }, async (t) => {
  const { page, chip, proxy } = await openThroughProxy(t);
  await chip.getByText('Live', { exact: true }).waitFor();
  await page.context().setOffline(true);
  proxy.stall();
  await page.locator('.chip:is(.busy, .bad)').getByText(/s ago/).waitFor();
  await page.locator('.rows.stale').waitFor();
  await page.context().setOffline(false);
  proxy.flow();
  await page.locator('.chip.good').getByText('Live').first().waitFor();
  await page.locator('.rows.stale').waitFor({ state: 'detached' });
});
