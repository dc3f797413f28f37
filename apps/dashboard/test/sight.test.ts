import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { checkAxe } from './axe.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';
const VIEWS = ['Fleet', 'Incidents', 'System', 'Console'] as const;

/** Changes devices until it is stopped. */
function keepChanging(url: string, serialNumbers: readonly string[]) {
  let isStopped = false;
  const run = async (): Promise<void> => {
    for (let round = 0; !isStopped; round += 1)
      for (const serialNumber of serialNumbers)
        await call(url, 'PATCH', `${DRONES}/sn/${serialNumber}`, { streamIsOn: round % 2 === 0 });
  };
  const running = run();
  return async (): Promise<void> => {
    isStopped = true;
    await running;
  };
}

for (const colorScheme of ['light', 'dark'] as const) {
  t.test(`each view can be used while the fleet changes, ${colorScheme}`, { skip }, async (t) => {
    const { url } = await startStandalone(t);
    const serialNumbers = ['S-1', 'S-2', 'S-3', 'S-4'];
    for (const serialNumber of serialNumbers)
      await call(url, 'POST', `${DRONES}/register`, registration(serialNumber));
    const { page, view, row, open } = await openDashboard(t, url, { colorScheme });
    await row('S-1').waitFor();
    const stop = keepChanging(url, serialNumbers);
    for (const name of VIEWS) {
      await view(name);
      if (name === 'Fleet') await page.locator('tr.flash').first().waitFor();
      await checkAxe(t, page, name);
    }
    await view('Fleet');
    await open('S-1');
    await page.locator('.timeline li').first().waitFor();
    await checkAxe(t, page, 'a device');
    await stop();
  });
}

t.test('in forced colours, what is on can be told from what is off', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('S-1', { streamIsOn: true }));
  const { page, open, view } = await openDashboard(t, url);
  await page.emulateMedia({ forcedColors: 'active' });
  const drawer = await open('S-1');
  const dotOf = (name: string) =>
    drawer.getByRole('switch', { name }).evaluate((one) => getComputedStyle(one, '::before').backgroundColor);
  t.not(await dotOf('Stream'), await dotOf('AI detection'));
  await page.keyboard.press('Escape');
  const current = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((one) => getComputedStyle(one).backgroundColor);
  t.not(await current('nav a[aria-current]'), await current('nav a:not([aria-current])'));
  await view('System');
  await checkAxe(t, page, 'System');
});

for (const [name, size] of Object.entries({
  'at 200 % zoom': { width: 640, height: 450 },
  'on a phone': { width: 390, height: 844 },
  'on a 4K screen': { width: 3840, height: 2160 },
})) {
  t.test(`nothing is cut off ${name}`, { skip }, async (t) => {
    const { url } = await startStandalone(t);
    for (const serialNumber of ['S-1', 'S-2'])
      await call(
        url,
        'POST',
        `${DRONES}/register`,
        registration(serialNumber, { deviceName: 'N'.repeat(60) }),
      );
    const { page, view, open, row } = await openDashboard(t, url, size);
    await row('S-1').waitFor();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    for (const one of VIEWS) {
      await view(one);
      t.equal(await overflow(), 0, one);
      await checkAxe(t, page, one);
    }
    await view('Fleet');
    await open('S-2');
    t.equal(await overflow(), 0, 'a device');
    await page.getByRole('button', { name: 'Close' }).click();
  });
}
