import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';

t.test('a device is switched, edited and deleted', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const secret = { streamCredentials: { password: 'pw' } };
  await call(url, 'POST', `${DRONES}/register`, registration('DEV-1', secret));
  const { page, open, row, complaints } = await openDashboard(t, url);
  const drawer = await open('DEV-1');
  t.match(page.url(), /\?sn=DEV-1$/);
  await drawer.getByRole('switch', { name: 'Stream' }).click();
  await row('DEV-1').getByText('Stream on').waitFor();
  await drawer.getByText('streamIsOn false → true').waitFor();
  t.equal(await drawer.getByRole('switch', { name: 'Stream' }).getAttribute('aria-checked'), 'true');

  await drawer.getByLabel('Alias').fill('Gate');
  await drawer.getByText('Detection classes: none').click();
  await drawer.getByLabel('person', { exact: true }).check();
  await drawer.getByLabel('toothbrush').check();
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('metadata.alias "" → "Gate"').waitFor();
  t.match((await call(url, 'GET', `${DRONES}/sn/DEV-1`)).body.data.drone, {
    revision: 3,
    metadata: { alias: 'Gate' },
    detectionClasses: [0, 79],
    streamCredentials: { password: 'pw' },
  });

  await drawer.getByRole('button', { name: 'Show stream credentials' }).click();
  await drawer.getByText('pw', { exact: true }).waitFor();

  await drawer.getByRole('button', { name: 'Delete device' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await drawer.getByText('No device has this serial number. It may have been deleted.').waitFor();
  t.same(complaints, []);
});

t.test('who comes second sees what the first has made of it', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('DEV-2'));
  const { open, complaints } = await openDashboard(t, url);
  const drawer = await open('DEV-2');
  await drawer.getByLabel('Name').fill('Mine');
  await call(url, 'PATCH', `${DRONES}/sn/DEV-2`, { deviceName: 'Theirs', webRTCUrl: 'https://w.example/' });
  await drawer.getByText('deviceName "Device DEV-2" → "Theirs"').waitFor();
  t.equal(await drawer.getByLabel('Name').inputValue(), 'Mine', 'an edit is not overwritten');
  await drawer.getByRole('button', { name: 'Save' }).click();
  const conflict = drawer.getByRole('alert', { name: 'Edit conflict' });
  await conflict.waitFor();
  const cells = await conflict
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => Array.from(row.children, ({ textContent }) => textContent)));
  t.same(cells, [['Name', 'Device DEV-2', 'Theirs', 'Mine']]);
  await conflict.getByText('Their changes to other fields are kept: WebRTC URL.').waitFor();
  await conflict.getByRole('button', { name: 'Overwrite with mine' }).click();
  await conflict.waitFor({ state: 'detached' });
  t.match((await call(url, 'GET', `${DRONES}/sn/DEV-2`)).body.data.drone, {
    deviceName: 'Mine',
    webRTCUrl: 'https://w.example/',
    revision: 3,
  });
  for (const complaint of complaints) t.match(complaint, /status of 412/);
});
