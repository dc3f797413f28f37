import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';
const HOSTILE = `<img src=x onerror="document.title='hit'"><script>document.title='hit'</script>`;

t.test('a first device is registered by the page, and what others change is seen', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const { page, complaints, row, chip } = await openDashboard(t, url);
  await page.getByText('No devices yet').waitFor();
  t.match(await page.locator('pre').textContent(), `curl -X POST ${url}${DRONES}/register`);
  const form = page.getByRole('form', { name: 'Register a device' });
  await form.getByLabel('Serial number').fill('PAGE-1');
  await form.getByLabel('Name').fill(HOSTILE);
  await form.getByLabel('Category').selectOption('BODY CAM');
  await form.getByRole('button', { name: 'Register' }).click();
  await row('PAGE-1').getByText('Stream off').waitFor();
  t.equal(await row('PAGE-1').locator('td').nth(3).textContent(), HOSTILE);
  t.equal(await chip.textContent(), 'Live');

  await call(url, 'PATCH', `${DRONES}/sn/PAGE-1`, { streamIsOn: true, metadata: { alias: 'Quay' } });
  await row('PAGE-1').getByText('Stream on').waitFor();
  await row('PAGE-1').getByText('(Quay)').waitFor();
  await call(url, 'POST', `${DRONES}/register`, registration('PAGE-2'));
  await row('PAGE-2').waitFor();
  await call(url, 'DELETE', `${DRONES}/sn/PAGE-1`);
  await row('PAGE-1').waitFor({ state: 'detached' });
  t.equal(await page.title(), 'Dronecast', 'hostile text stays text');

  await page.getByText('Register a device').click();
  await form.getByLabel('Serial number').fill('PAGE-2');
  await form.getByLabel('Name').fill('Again');
  await form.getByRole('button', { name: 'Register' }).click();
  await form.getByRole('alert').getByText('Is taken.').waitFor();
  t.match([...complaints].join(), /409/);
  t.equal(complaints.length, 1);
});

t.test('the serial numbers of real devices', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const { page, complaints, row, open } = await openDashboard(t, url);
  await page.getByText('No devices yet').waitFor();
  const form = page.getByRole('form', { name: 'Register a device' });
  const all = ['AC:CC:8E:0F:12:34', 'DS-7616NI-E2/16P0123', 'A+B', 'A B', 'cam#1', 'user@host/ch1', 'a/../b'];
  for (const [index, serialNumber] of all.entries()) {
    if (index === 1) await page.getByText('Register a device').click();
    await form.getByLabel('Serial number').fill(serialNumber);
    await form.getByLabel('Name').fill(serialNumber);
    await form.getByRole('button', { name: 'Register' }).click();
    await row(serialNumber).waitFor();
  }
  for (const serialNumber of all) {
    const drawer = await open(serialNumber);
    t.equal(await drawer.getByLabel('Revision').textContent(), '1');
    t.equal(new URL(page.url()).searchParams.get('sn'), serialNumber);
    await drawer.getByRole('switch', { name: 'Stream' }).click();
    await row(serialNumber).getByText('Stream on').waitFor();
    await page.reload();
    const again = page.getByRole('complementary', { name: `Device ${serialNumber}`, exact: true });
    await again.getByRole('switch', { name: 'Stream', checked: true }).waitFor();
  }
  t.same(complaints, []);
});

t.test('what is searched for stands in the URL', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const [serialNumber, more] of [
    ['A-1', { streamIsOn: true, deviceCategory: 'CCTV' }],
    ['A-2', { isUsingAiDetection: true }],
    ['B-1', { metadata: { alias: 'Ape' } }],
  ] as const) {
    await call(url, 'POST', `${DRONES}/register`, registration(serialNumber, more));
  }
  const { page, row, complaints } = await openDashboard(t, url);
  const rows = page.locator('tbody tr');
  await row('B-1').waitFor();
  await page.getByRole('searchbox').fill('ap');
  await page.getByText('1 of 3').waitFor();
  t.same(await rows.evaluateAll((all) => all.map((one) => one.getAttribute('data-sn'))), ['B-1']);
  t.match(page.url(), /\?q=ap$/);

  await page.goto(`${url}/?category=CCTV&stream=on`);
  await page.getByText('1 of 3').waitFor();
  await row('A-1').waitFor();
  await call(url, 'PATCH', `${DRONES}/sn/A-1`, { streamIsOn: false });
  await page.getByText('No devices match these filters.').waitFor();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.getByText('3 of 3').waitFor();
  t.equal(page.url(), `${url}/`);
  t.same(complaints, []);
});

t.test('ten thousand devices scroll, and are found', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const numbers = Array.from({ length: 10_000 }, (_, index) => `MANY-${String(index).padStart(5, '0')}`);
  for (let from = 0; from < numbers.length; from += 250) {
    await Promise.all(
      numbers
        .slice(from, from + 250)
        .map((serialNumber) => call(url, 'POST', `${DRONES}/register`, registration(serialNumber))),
    );
  }
  const { page, row, complaints } = await openDashboard(t, url);
  await page.getByText('10,000 of 10,000').waitFor();
  const box = page.getByRole('region', { name: 'Table of devices' });
  t.ok((await page.locator('tbody tr').count()) < 100, 'only those in sight are rendered');
  await box.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await row('MANY-09999').waitFor();
  t.equal(await row('MANY-09999').getAttribute('aria-rowindex'), '10001');
  await box.focus();
  await page.keyboard.press('Home');
  await row('MANY-00000').waitFor();
  await call(url, 'PATCH', `${DRONES}/sn/MANY-00003`, { isUsingAiDetection: true });
  await row('MANY-00003').getByText('AI on').waitFor();
  await page.getByRole('searchbox').fill('many-0512');
  await page.getByText('10 of 10,000').waitFor();
  t.same(complaints, []);
});

t.test('a demo fleet says that it has ended, and removes its devices alone', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const serialNumber of ['DEMO-000', 'DEMO-019', 'DEMO-1'])
    await call(url, 'POST', `${DRONES}/register`, registration(serialNumber));
  const { page, row, complaints } = await openDashboard(t, url);
  await row('DEMO-1').waitFor();
  t.equal(
    await page.getByRole('region', { name: 'Demo fleet' }).count(),
    0,
    'others are no devices of a demo',
  );
  for (const serialNumber of ['DEMO-000', 'DEMO-019', 'DEMO-1'])
    await call(url, 'DELETE', `${DRONES}/sn/${serialNumber}`);
  await page.getByRole('button', { name: 'Start demo fleet' }).click();
  await row('DEMO-018').getByText('on map').waitFor();
  await call(url, 'POST', `${DRONES}/register`, registration('DEMO-019'));
  await page.getByRole('button', { name: 'Stop demo fleet' }).click();
  await page.getByText('The demo has ended. 18 demo devices are still registered.').waitFor();
  await page.reload();
  await page.getByText('The demo has ended. 18 demo devices are still registered.').waitFor();

  const remove = page.getByRole('button', { name: 'Remove demo devices' });
  const dialog = page.getByRole('dialog');
  await remove.click();
  await dialog
    .getByText('Delete 18 demo devices? This cannot be undone. Their incidents are kept.')
    .waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.route('**/sn/DEMO-003', (route) =>
    route.fulfill({ status: 503, json: { detail: 'its outbox is full' } }),
  );
  await remove.click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alert').getByText('its outbox is full').waitFor();
  await page.getByText('The demo has ended. 16 demo devices are still registered.').waitFor();
  await page.unroute('**/sn/DEMO-003');
  let release = (): void => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/sn/DEMO-004', async (route) => {
    await isReleased;
    await route.continue();
  });
  await remove.click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Removing demo devices: 1 of 16').waitFor();
  release();
  await page.getByText('The demo has ended').waitFor({ state: 'detached' });
  t.same(
    (await call(url, 'GET', DRONES)).body.data.drones.map(
      ({ deviceSerialNumber }: { deviceSerialNumber: string }) => deviceSerialNumber,
    ),
    ['DEMO-019'],
  );
  for (const complaint of complaints) t.match(complaint, /503/);
});

t.test('a demo of another tab is told apart from one that has ended', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('DEMO-001'));
  const { page } = await openDashboard(t, url);
  await page.getByText('The demo has ended. 1 demo device is still registered.').waitFor();
  await call(url, 'PATCH', `${DRONES}/sn/DEMO-001`, { streamIsOn: true });
  await page.getByText('A demo fleet is running in another tab or browser.').waitFor();
  t.equal(await page.getByRole('button', { name: 'Remove demo devices' }).count(), 0);
});
