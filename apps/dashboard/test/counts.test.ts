import type { Page, Route } from 'playwright-core';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';

/** Gives the first page of the fleet two devices, and each further one to `onNext`. */
async function split(page: Page, onNext: (route: Route) => Promise<void>): Promise<void> {
  await page.route(`**${DRONES}?*`, (route) => {
    const url = new URL(route.request().url());
    if (url.searchParams.has('cursor')) return onNext(route);
    url.searchParams.set('limit', '2');
    return route.continue({ url: url.href });
  });
}

t.test('a fleet that is still loading is not counted as whole', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const name of ['A-1', 'B-1', 'C-1']) await call(url, 'POST', `${DRONES}/register`, registration(name));
  const { page, row, complaints } = await openDashboard(t, 'about:blank');
  let release = (): void => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await split(page, async (route) => {
    await isReleased;
    await route.continue();
  });
  await page.goto(url);
  await page.getByText('Loading fleet: 2 so far').waitFor();
  t.equal(await page.getByText(/\d of \d/).count(), 0);
  t.equal(await page.getByText('no known position').count(), 0);
  t.ok(await page.getByLabel('Select all that were found').isDisabled());
  await page.getByRole('searchbox').fill('c-1');
  await page.getByRole('region', { name: 'Table of devices' }).getByText('Loading fleet: 2 so far').waitFor();
  t.equal(await page.getByText('No devices match').count(), 0);
  release();
  await row('C-1').waitFor();
  await page.getByText('1 of 3', { exact: true }).waitFor();
  await page.getByText('1 device has no known position', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.getByText('3 devices have no known position', { exact: true }).waitFor();
  t.same(complaints, []);
});

t.test('a fleet of which a page failed is not counted as whole', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const name of ['A-1', 'B-1', 'C-1']) await call(url, 'POST', `${DRONES}/register`, registration(name));
  const { page } = await openDashboard(t, 'about:blank');
  let isFailing = true;
  await split(page, (route) => (isFailing ? route.fulfill({ status: 503, json: {} }) : route.continue()));
  await page.goto(url);
  await page.getByRole('alert').getByText('The API answered 503.').waitFor();
  await page.getByText('Loading fleet: 2 so far').waitFor();
  t.equal(await page.getByText(/\d of \d/).count(), 0);
  isFailing = false;
  await page.getByText('3 of 3').waitFor();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

t.test('a filter that finds nothing offers to be cleared', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('A-1'));
  const { page, row } = await openDashboard(t, `${url}/?q=none&category=CCTV`);
  await page.getByText('No devices match these filters.').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await row('A-1').waitFor();
  t.equal(page.url(), `${url}/`);
});

t.test('incidents are paged to the first one, and counted when it is reached', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const names = Array.from({ length: 30 }, (_, index) => `INC-${index}`);
  let count = 0;
  await Promise.all(
    names.map(async (name) => {
      await call(url, 'POST', `${DRONES}/register`, registration(name));
      for (let step = 0; step < 20; step += 1) {
        count += 1;
        await call(url, 'POST', `${DRONES}/sn/${name}/incidents`, {
          imageUrl: `${url}/demo-scene.svg`,
          label: 'boat',
          confidence: step % 2,
          objectBBox: [0, 0, 9, 9],
          capturedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, 600 - count)).toISOString(),
        });
      }
    }),
  );
  const { page, view, complaints } = await openDashboard(t, url);
  await page.locator('tbody tr').first().waitFor();
  await view('Incidents');
  await page.getByText('500 loaded, older ones exist', { exact: true }).waitFor();
  await page.getByLabel(/^Confidence/).fill('50');
  await page.getByText(/^\d+ of the 500 loaded$/).waitFor();
  await page.getByLabel(/^Confidence/).fill('0');
  await page.getByText('cover the 500 incidents loaded').waitFor();
  const feed = page.getByRole('region', { name: 'Feed of incidents' });
  await feed.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.getByRole('button', { name: 'Load older' }).click();
  await page.getByText('600 of 600', { exact: true }).waitFor();
  await feed.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.getByText('There are no older incidents.').waitFor();
  await page.locator('time[datetime="2026-01-01T00:00:00.000Z"]').waitFor();
  t.same(complaints, []);
});

/** Answers as if there were so many incidents, one a second. */
async function pretendIncidents(page: Page, total: number): Promise<void> {
  await page.route('**/api/v1/incidents?*', (route) => {
    const query = new URL(route.request().url()).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(total, from + Number(query.get('limit')));
    const incidents = Array.from({ length: to - from }, (_, index) => ({
      id: (total - from - index).toString(16).padStart(24, '0'),
      serialNumber: 'FAR-1',
      imageUrl: 'none:',
      label: `number ${total - from - index}`,
      objectBBox: [0, 0, 1, 1],
      capturedAt: new Date(1000 * (total - from - index)).toISOString(),
      createdAt: new Date(1000 * (total - from - index)).toISOString(),
    }));
    const nextCursor = to < total ? { nextCursor: String(to) } : {};
    return route.fulfill({
      json: { status: 'success', results: incidents.length, data: { incidents }, ...nextCursor },
    });
  });
}

t.test('paging goes on where more incidents exist than the page keeps', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const { page, complaints } = await openDashboard(t, 'about:blank');
  await pretendIncidents(page, 22_000);
  await page.goto(`${url}/?view=incidents`);
  await page.getByText('500 loaded, older ones exist').waitFor();
  const feed = page.getByRole('region', { name: 'Feed of incidents' });
  const older = page.getByRole('button', { name: 'Load older' });
  for (let loaded = 1500; loaded < 22_000; loaded += 1000) {
    await feed.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await older.click();
    await page.getByText(`${Math.min(20_000, loaded).toLocaleString('en')} loaded, older`).waitFor();
  }
  await feed.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.getByRole('article', { name: 'number 501,' }).waitFor();
  await older.click();
  await page.getByText('20,000 of 22,000', { exact: true }).waitFor();
  await page.getByRole('article', { name: 'number 501,' }).waitFor();
  await feed.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.getByRole('article', { name: 'number 1,' }).waitFor();
  await page.getByRole('button', { name: 'Back to the newest' }).click();
  await page.getByText('500 of 22,000', { exact: true }).waitFor();
  await feed.evaluate((element) => element.scrollTo(0, 0));
  await page.getByRole('article', { name: 'number 22000,' }).waitFor();
  t.same(complaints, []);
});
