import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { checkAxe } from './axe.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
/** Where the pictures of the documentation go, when they are to be made anew. */
const { SCREENSHOTS } = process.env;

const SITES = [
  ['Hamburg', 9.97, 53.54],
  ['Rotterdam', 4.14, 51.95],
  ['Marseille', 5.35, 43.3],
  ['Trieste', 13.76, 45.65],
  ['Gdansk', 18.66, 54.4],
] as const;

/** Twenty devices; all but one have told of two incidents each. */
async function fill(url: string): Promise<void> {
  for (let index = 0; index < 20; index += 1) {
    const [city, longitude, latitude] = SITES[index % SITES.length]!;
    const serialNumber = `DRN-${String(index + 1).padStart(4, '0')}`;
    const deviceCategory = ['DRONE', 'BODY CAM', 'CCTV'][index % 3];
    const more = { deviceName: `${city} ${index}`, deviceCategory, detectionClasses: [0, 8] };
    await call(url, 'POST', '/api/v1/drones/register', registration(serialNumber, more));
    if (index === 19) continue;
    for (const [step, label] of ['person', 'boat'].entries()) {
      await call(url, 'POST', `/api/v1/drones/sn/${serialNumber}/incidents`, {
        imageUrl: `${url}/demo-scene.svg`,
        label,
        confidence: 0.5 + (index % 5) / 10,
        objectBBox: [112, 262, 106, 26],
        coordinates: { type: 'Point', coordinates: [longitude + step / 10, latitude + (index % 4) / 10] },
      });
    }
  }
}

for (const colorScheme of ['light', 'dark'] as const) {
  t.test(`each view can be used by everybody, ${colorScheme}`, { skip }, async (t) => {
    const { url } = await startStandalone(t);
    const { page, complaints, row, open, view } = await openDashboard(t, url, { colorScheme });

    async function check(name: string): Promise<void> {
      if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}-${colorScheme}.png` });
      await checkAxe(t, page, name);
    }

    await page.getByText('No devices yet').waitFor();
    await check('empty');
    await fill(url);
    for (const streamIsOn of [true, false, true])
      await call(url, 'PATCH', '/api/v1/drones/sn/DRN-0002', { streamIsOn });
    await call(url, 'PATCH', '/api/v1/drones/sn/DRN-0004', { isUsingAiDetection: true });
    await row('DRN-0004').getByText('AI on').waitFor();
    await page.locator('[aria-label="Map of devices"][data-markers="19"]').waitFor();
    await page.locator('tr.flash').first().waitFor({ state: 'detached' });
    await check('fleet');
    await open('DRN-0002');
    await page.getByText('streamIsOn true → false').waitFor();
    await check('device');
    await view('Incidents');
    await page.locator('.picture rect').first().waitFor();
    await page.locator('[aria-label="Map of incidents"][data-markers="38"]').waitFor();
    await check('incidents');
    await view('System');
    await page.locator('.tile').getByText('ready').waitFor();
    await call(url, 'POST', '/api/v1/system/broadcast', { message: 'Storm from the west', level: 'warning' });
    await page.getByText('Storm from the west').waitFor();
    await check('system');
    await view('Console');
    await page.locator('.frames summary').first().click();
    await check('console');
    t.same(complaints, []);
  });
}

t.test('fits a phone', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const long = 'S'.repeat(64);
  const more = { deviceName: 'N'.repeat(200) };
  await call(url, 'POST', '/api/v1/drones/register', registration(long, more));
  const { page, complaints, view, open } = await openDashboard(t, url, { width: 320, height: 640 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await page.locator('tbody tr').waitFor();
  t.equal(await overflow(), 0, 'Fleet');
  for (const name of ['Incidents', 'System', 'Console'] as const) {
    await view(name);
    t.equal(await overflow(), 0, name);
  }
  await view('Fleet');
  await open(long);
  t.equal(await overflow(), 0, 'a device');
  t.same(complaints, []);
});

t.test('has a strict policy, and serves its own files alone', async (t) => {
  const { url } = await startStandalone(t, {
    RELAY_PUBLIC_URL: 'https://relay.example.com/live',
    MAP_TILE_URL: 'https://tiles.example.com/{z}/{x}/{y}.png',
    MAP_SITE_PLAN: 'https://plans.example.com/port.png,53.5,9.9,53.6,10',
  });
  const answer = await fetch(url);
  const policy = answer.headers.get('content-security-policy');
  t.match(policy, /^default-src 'none';script-src 'self';style-src 'self';/);
  t.match(policy, "connect-src 'self' https://relay.example.com wss://relay.example.com;");
  t.notMatch(await answer.text(), /<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:/);
  t.same(await (await fetch(`${url}/config.json`)).json(), {
    relayUrl: 'https://relay.example.com/live',
    isTokenNeeded: false,
    map: {
      tileUrl: 'https://tiles.example.com/{z}/{x}/{y}.png',
      sitePlan: { imageUrl: 'https://plans.example.com/port.png', bounds: [53.5, 9.9, 53.6, 10] },
    },
  });
  t.not((await fetch(`${url}/..%2findex.js`)).status, 200, 'the folder alone is served');
});
