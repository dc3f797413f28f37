import type { Page } from 'playwright-core';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { narrowestRange, unwrap } from '../page/map/longitude.js';
import { flatten } from '../page/map/outlines.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';

async function register(url: string, serialNumber: string, ...places: [number, number][]): Promise<void> {
  await call(url, 'POST', `${DRONES}/register`, registration(serialNumber));
  for (const coordinates of places) {
    await call(url, 'POST', `${DRONES}/sn/${serialNumber}/incidents`, {
      imageUrl: `${url}/demo-scene.svg`,
      objectBBox: [0, 0, 9, 9],
      coordinates: { type: 'Point', coordinates },
    });
  }
}

/** How much of the map of the world, as it is before any device is on it, is painted at these latitudes. */
const painted = (page: Page, longitude: number, south: number, north: number): Promise<number> =>
  page.evaluate(
    ([longitude, south, north]) => {
      const map = document.querySelector('.map') as HTMLElement;
      const box = map.getBoundingClientRect();
      const world = 256 * 2 ** 2;
      const mercator = (latitude: number) => Math.asinh(Math.tan((latitude * Math.PI) / 180)) / (2 * Math.PI);
      const parts = Array.from(map.querySelectorAll('canvas'), (canvas) => {
        const drawn = canvas.getBoundingClientRect();
        const ratio = canvas.width / drawn.width;
        const x = box.left + box.width / 2 + ((longitude - 10) / 360) * world - drawn.left;
        const y = (latitude: number) =>
          box.top + box.height / 2 + (mercator(30) - mercator(latitude)) * world - drawn.top;
        const height = Math.round(ratio * (y(south) - y(north)));
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        const { data } = context.getImageData(Math.round(ratio * x), Math.round(ratio * y(north)), 1, height);
        return data.filter((value, index) => index % 4 === 3 && value > 0).length / height;
      });
      return Math.max(0, ...parts);
    },
    [longitude, south, north] as const,
  );

t.test('no bars cross the world where a country crosses the antimeridian', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await register(url, 'MAP-1');
  const { page, complaints } = await openDashboard(t, url);
  await page.locator('.map canvas').first().waitFor();
  while ((await painted(page, 25, 49, 53)) === 0)
    await page.evaluate(() => new Promise(requestAnimationFrame));
  t.equal(await painted(page, 25, 49, 53), 1, 'Eastern Europe is land');
  t.equal(await painted(page, 0, 63, 79), 0, 'the Norwegian Sea is water');
  t.equal(await painted(page, -20, -25, -10), 0, 'the South Atlantic is water');
  t.same(complaints, []);
});

t.test('polygons and lines go on beyond the antimeridian', async (t) => {
  t.same(unwrap([178, -179, -178, 179]), [178, 181, 182, 179]);
  t.same(unwrap([-179, 179], 200), [181, 179]);
  t.same(narrowestRange([178, -179, 175]), [175, 181]);
  t.same(narrowestRange([-3, 18, 9]), [-3, 18]);
  t.same(narrowestRange([7]), [7, 7]);
  const square: [number, number][] = [
    [178, 1],
    [-178, 1],
    [-178, 2],
    [178, 2],
    [178, 1],
  ];
  const whole = flatten([[square]]);
  t.same(
    whole.map((polygon) => polygon[0]?.map(([longitude]) => longitude)),
    [
      [-182, -178, -178, -182, -182],
      [178, 182, 182, 178, 178],
    ],
    'on both edges of the world',
  );
  const cap: [number, number][] = [-180, -90, 0, 90, 180].map((longitude) => [longitude, -70]);
  for (const [ring] of flatten([[cap]])) {
    t.same(
      ring?.slice(-2).map(([, latitude]) => latitude),
      [-90, -90],
      'a ring around a pole is closed along it',
    );
  }
});

t.test('the map fits a fleet on both sides of the antimeridian', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await register(url, 'FIJI-1', [179.6, -16.8]);
  await register(url, 'FIJI-2', [-179.6, -16.9]);
  const { page, complaints } = await openDashboard(t, url);
  await page.locator('.map[data-markers="2"]').waitFor();
  const zoom = Number(await page.locator('.map').getAttribute('data-zoom'));
  t.ok(zoom >= 8, `zoom ${zoom}`);
  t.same(complaints, []);
});

t.test('the map fits a fleet on one site, with one scale and a legend', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await register(url, 'SITE-1', [9.99, 53.54]);
  await register(url, 'SITE-2', [9.992, 53.541]);
  const { page, view } = await openDashboard(t, url);
  await page.locator('.map[data-markers="2"][data-zoom="16"]').waitFor();
  const scales = page.locator('.leaflet-control-scale-line');
  t.equal(await scales.count(), 1);
  t.match(await scales.textContent(), /^\d+ m$/);
  const legend = page.getByRole('list', { name: 'Legend' }).getByRole('listitem');
  t.same(await legend.allTextContents(), [
    'AI on',
    'Stream on',
    'Stream and AI off',
    '9Several, close together',
  ]);
  await view('Incidents');
  await legend.getByText('Incident').waitFor();
  t.same(await legend.allTextContents(), ['Incident', '9Several, close together']);
});

t.test('in the dark the controls of the map are dark', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await register(url, 'DARK-1', [9.99, 53.54]);
  const { page } = await openDashboard(t, url, { colorScheme: 'dark' });
  await page.locator('.map[data-markers="1"]').waitFor();
  for (const control of [
    '.leaflet-control-zoom-in',
    '.leaflet-control-attribution',
    '.leaflet-control-scale-line',
  ]) {
    const colour = await page
      .locator(control)
      .evaluate((element) => getComputedStyle(element).backgroundColor.match(/\d+/g)?.map(Number));
    t.ok(
      (colour ?? []).slice(0, 3).every((channel) => channel < 64),
      `${control} ${colour}`,
    );
  }
});

t.test('what is stale is grey on the map too', { skip }, async (t) => {
  const { url, stop } = await startStandalone(t);
  await register(url, 'OLD-1', [9.99, 53.54]);
  const { page } = await openDashboard(t, url);
  await page.locator('.map[data-markers="1"]').waitFor();
  t.equal(await page.locator('.map-frame.stale').count(), 0);
  await stop('SIGKILL');
  await page.locator('.map-frame.stale').waitFor();
  const filter = await page
    .locator('.leaflet-map-pane')
    .evaluate((element) => getComputedStyle(element).filter);
  t.match(filter, 'grayscale(1)');
});

t.test(
  'the map is loaded when it comes into sight, and what the page says before its styles',
  { skip },
  async (t) => {
    const { url } = await startStandalone(t);
    await register(url, 'LAZY-1', [9.99, 53.54]);
    const { page, view, complaints } = await openDashboard(t, 'about:blank');
    let release = (): void => {};
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked: string[] = [];
    await page.route('**/assets/**', async (route) => {
      asked.push(route.request().url());
      await isReleased;
      await route.continue();
    });
    await page.goto(`${url}/?view=system`, { waitUntil: 'commit' });
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    await page.getByText('Loading…').waitFor();
    release();
    await page.locator('.plot canvas').nth(1).waitFor();
    const maps = () => asked.filter((path) => /map-view|countries/.test(path)).length;
    t.equal(maps(), 0);
    await view('Fleet');
    await page.locator('.map[data-markers="1"]').waitFor();
    t.ok(maps() >= 2, 'code and outlines');
    t.same(complaints, []);
  },
);
