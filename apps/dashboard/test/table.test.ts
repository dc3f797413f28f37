import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { createSorter } from '../page/fleet/sorted.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';

t.test('the table is sorted by any column, and the URL says by which', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const [serialNumber, more] of [
    ['A-1', { deviceName: 'Gate 10', deviceCategory: 'DRONE' }],
    ['B-2', { deviceName: 'gate 9', deviceCategory: 'CCTV', streamIsOn: true }],
    ['C-3', { deviceName: 'Ärmel', deviceCategory: 'BODY CAM', isUsingAiDetection: true }],
    ['D-4', { deviceName: 'Zoo', deviceCategory: 'CCTV' }],
  ] as const) {
    await call(url, 'POST', `${DRONES}/register`, registration(serialNumber, more));
  }
  await call(url, 'POST', `${DRONES}/sn/D-4/incidents`, {
    imageUrl: `${url}/demo-scene.svg`,
    objectBBox: [0, 0, 9, 9],
    coordinates: { type: 'Point', coordinates: [8, 47] },
  });
  await call(url, 'PATCH', `${DRONES}/sn/A-1`, { metadata: { alias: 'changed last' } });
  const { page, row, complaints } = await openDashboard(t, url);
  await row('D-4').getByText('on map').waitFor();
  const order = () =>
    page.locator('tbody tr').evaluateAll((rows) => rows.map((one) => one.getAttribute('data-sn')).join(' '));
  const column = (name: string) => page.getByRole('columnheader', { name, exact: true });
  const sortBy = async (name: string, direction: 'ascending' | 'descending') => {
    await column(name).getByRole('button').click();
    await page.locator(`th[aria-sort=${direction}]`).getByText(name, { exact: true }).waitFor();
    return order();
  };
  t.equal(await order(), 'A-1 B-2 C-3 D-4');
  t.equal(await column('Serial number').getAttribute('aria-sort'), 'ascending');
  t.equal(await sortBy('Serial number', 'descending'), 'D-4 C-3 B-2 A-1');
  t.equal(await sortBy('Name', 'ascending'), 'C-3 B-2 A-1 D-4', 'as a person sorts');
  t.equal(await sortBy('Name', 'descending'), 'D-4 A-1 B-2 C-3');
  t.match(page.url(), /\?sort=-name$/);
  t.equal(await sortBy('Kind', 'ascending'), 'C-3 B-2 D-4 A-1');
  t.equal(await sortBy('Stream', 'ascending'), 'B-2 A-1 C-3 D-4');
  t.equal(await sortBy('AI', 'ascending'), 'C-3 A-1 B-2 D-4');
  t.equal(await sortBy('Position', 'ascending'), 'D-4 A-1 B-2 C-3');
  t.match(await sortBy('Changed', 'ascending'), /^A-1 /);
  await call(url, 'PATCH', `${DRONES}/sn/B-2`, { streamIsOn: false });
  await page.locator('tbody tr:first-child[data-sn="B-2"]').waitFor();
  t.match(await order(), /^B-2 A-1 /, 'what changes moves');
  await page.reload();
  await page.locator('th[aria-sort=ascending]').getByText('Changed').waitFor();
  t.equal(await page.locator('th[aria-sort]').count(), 1);
  await page.goto(`${url}/?sort=-toString`);
  await row('A-1').waitFor();
  t.equal(await order(), 'A-1 B-2 C-3 D-4', 'no column');
  t.same(complaints, []);
});

t.test('a sorted list stays sorted while it changes', async (t) => {
  const compare = (a: { n: number }, b: { n: number }) => a.n - b.n;
  const sort = createSorter(compare);
  let items = Array.from({ length: 200 }, (_, index) => ({ n: (index * 7919) % 211 }));
  for (let round = 0; round < 50; round += 1) {
    t.strictSame([...sort(items)], items.toSorted(compare));
    items = items.filter((_, index) => index % 11 !== round % 11);
    items = [
      ...items.map((item, index) => (index % 7 === 0 ? { n: (item.n * 31) % 211 } : item)),
      { n: round },
    ];
  }
  t.same(sort([]), []);
});

t.test('words are found in any order', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const deviceName of ['North gate', 'South gate', 'North quay'])
    await call(url, 'POST', `${DRONES}/register`, registration(deviceName.replace(' ', '-'), { deviceName }));
  const { page, row } = await openDashboard(t, url);
  await page.getByRole('searchbox').fill('  GATE   north ');
  await page.getByText('1 of 3').waitFor();
  await row('North-gate').waitFor();
  await page.getByRole('searchbox').fill('  ');
  await page.getByText('3 of 3').waitFor();
});

for (const width of [320, 390, 640, 901, 1280, 3840]) {
  t.test(`rows are low, and what is hit is large enough, at ${width} px`, { skip }, async (t) => {
    const { url } = await startStandalone(t);
    await call(url, 'POST', `${DRONES}/register`, registration('DRN-0042', { deviceName: 'Harbour 1' }));
    await call(url, 'POST', `${DRONES}/register`, registration('DRN-0043', { deviceName: 'N'.repeat(200) }));
    const { page, row, open, chip } = await openDashboard(t, url, { width, height: 800 });
    await row('DRN-0043').waitFor();
    t.equal((await row('DRN-0042').boundingBox())?.height, 32);
    const name = await row('DRN-0042').getByText('Harbour 1').boundingBox();
    t.ok((name?.width ?? 0) > 40, 'the name is there');
    const sizes = await page.locator('button, a, input, select, summary').evaluateAll((elements) =>
      elements
        .filter((element) => element.checkVisibility())
        .map((element) => [element.outerHTML, element.getBoundingClientRect()] as const)
        .filter(([, { width, height }]) => width > 0 && (width < 24 || height < 24))
        .map(([text]) => text),
    );
    t.same(sizes, []);
    const drawer = await open('DRN-0042');
    const [box, shown] = [await drawer.boundingBox(), await chip.boundingBox()];
    t.ok(box && shown && box.y >= shown.y + shown.height, 'the drawer is below the connection chip');
    await chip.click({ trial: true });
    await page.getByRole('link', { name: 'Incidents', exact: true }).click({ trial: true });
  });
}
