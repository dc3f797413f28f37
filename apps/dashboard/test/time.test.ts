import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';
const BERLIN = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (CET|CEST)$/;
const UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/;

for (const locale of ['en-US', 'ar-EG']) {
  t.test(`times say their zone, or are UTC when that is asked for, ${locale}`, { skip }, async (t) => {
    const { url } = await startStandalone(t);
    await call(url, 'POST', `${DRONES}/register`, registration('TIME-1'));
    const { page, view, row, chip, complaints } = await openDashboard(t, url, {
      timezoneId: 'Europe/Berlin',
      locale,
    });
    await chip.getByText('Live').waitFor();
    const changed = row('TIME-1').locator('time');
    t.match(await changed.getAttribute('title'), BERLIN);
    await call(url, 'PATCH', `${DRONES}/sn/TIME-1`, { streamIsOn: true });
    await view('Console');
    const time = page.locator('.frames time').first();
    t.match(await time.textContent(), BERLIN);
    await page.getByRole('switch', { name: 'UTC' }).click();
    await time.getByText('UTC').waitFor();
    t.match(await time.textContent(), UTC);
    const iso = (await time.getAttribute('datetime')) ?? '';
    t.equal(await time.textContent(), `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`);
    await page.goto(url);
    await page.getByRole('switch', { name: 'UTC', checked: true }).waitFor();
    t.match(await changed.getAttribute('title'), UTC);
    await page.getByRole('switch', { name: 'UTC' }).click();
    await page.getByRole('switch', { name: 'UTC', checked: false }).waitFor();
    t.match(await changed.getAttribute('title'), BERLIN);
    t.equal(await page.evaluate(() => localStorage.length), 0);
    t.same(complaints, []);
  });
}

t.test('a zone without an English name is told by its offset', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('TIME-2'));
  const { row } = await openDashboard(t, url, { timezoneId: 'Asia/Kathmandu' });
  t.match(await row('TIME-2').locator('time').getAttribute('title'), / UTC\+5:45$/);
});

t.test('axes are ISO 8601 in any language, and begin at zero', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('AXIS-1'));
  for (const capturedAt of ['2026-03-01T18:30:00Z', '2026-03-02T10:00:00Z']) {
    await call(url, 'POST', `${DRONES}/sn/AXIS-1/incidents`, {
      imageUrl: `${url}/demo-scene.svg`,
      objectBBox: [0, 0, 9, 9],
      capturedAt,
    });
  }
  const { page } = await openDashboard(t, 'about:blank', { timezoneId: 'Europe/Berlin', locale: 'en-US' });
  await page.addInitScript(() => {
    const labels: string[] = [];
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
      labels.push(text);
      fillText.call(this, text, ...rest);
    };
    Object.assign(window, { labels });
  });
  await page.goto(`${url}/?view=incidents`);
  const labels = () => page.evaluate(() => (window as unknown as { labels: string[] }).labels);
  const has = (label: string) =>
    page.waitForFunction((text) => (window as unknown as { labels: string[] }).labels.includes(text), label);
  await has('2026-03-01 CET');
  await has('2026-03-02');
  await has('0');
  await page.getByRole('switch', { name: 'UTC' }).click();
  await has('2026-03-01 UTC');
  for (const label of await labels()) t.match(label, /^(\d+|\d\d:\d\d|\d{4}-\d\d-\d\d( CET| UTC)?)$/);
});

t.test('the console filters by kind', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const { page, view, chip } = await openDashboard(t, url);
  await chip.getByText('Live').waitFor();
  await call(url, 'POST', `${DRONES}/register`, registration('KIND-1'));
  await call(url, 'PATCH', `${DRONES}/sn/KIND-1`, { streamIsOn: true });
  await call(url, 'POST', '/api/v1/system/broadcast', { message: 'Hello', level: 'info' });
  await view('Console');
  await page.getByText('4 frames since').waitFor();
  const heads = page.locator('.frames .head');
  for (const [kind, head] of [
    ['Created', 'drone.created drone:KIND-1:created rev 1'],
    ['Updated', 'drone.updated drone:KIND-1:updated rev 2'],
    ['Stream', 'drone.stream.status drone:KIND-1:stream rev 2'],
    ['System', 'system.broadcast system:broadcast'],
  ] as const) {
    await page.getByLabel('Kind').selectOption(kind);
    await page.getByText('the newest 1 of 1').waitFor();
    t.same(await heads.allTextContents(), [head]);
  }
  t.match(page.url(), /kind=system/);
  for (const kind of ['Deleted', 'AI', 'Config', 'Incident', 'Gap', 'Foreign']) {
    await page.getByLabel('Kind').selectOption(kind);
    await page.getByText('the newest 0 of 0').waitFor();
  }
  await page.getByRole('button', { name: 'Replay from cursor' }).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
});
