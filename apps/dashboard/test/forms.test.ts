import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';

t.test('a registration is checked before it is sent', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const { page, row, complaints } = await openDashboard(t, url);
  const form = page.getByRole('form', { name: 'Register a device' });
  const register = () => form.getByRole('button', { name: 'Register' }).click();
  await register();
  await form.getByText('Enter a serial number.').waitFor();
  await form.getByText('Enter a name.').waitFor();
  const serialNumber = form.getByLabel('Serial number');
  t.ok(
    await serialNumber.evaluate((one) => one === document.activeElement),
    'the first wrong field has the focus',
  );
  t.equal(await serialNumber.getAttribute('aria-invalid'), 'true');

  await form.getByLabel('Name').fill('Gate');
  for (const wrong of ['-1', 'a  b', 'ä', 'all', 'x*']) {
    await serialNumber.fill(wrong);
    await register();
    await form.getByText(/^Use letters, digits/).waitFor();
  }
  t.same(complaints, [], 'nothing was sent');
  await serialNumber.fill('AC:CC:8E:0F:12:34');
  await register();
  await row('AC:CC:8E:0F:12:34').waitFor();
});

t.test('what the API refuses is said beside the field', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('DUP-1'));
  const { page } = await openDashboard(t, url);
  await page.getByText('Register a device').click();
  const form = page.getByRole('form', { name: 'Register a device' });
  await form.getByLabel('Serial number').fill('DUP-1');
  await form.getByLabel('Name').fill('Again');
  await form.getByRole('button', { name: 'Register' }).click();
  const message = form.locator('.field').filter({ hasText: 'Serial number' }).getByRole('alert');
  await message.getByText('Is taken.').waitFor();
  t.equal(await form.getByRole('alert').count(), 1, 'one message');
  t.notMatch(await form.textContent(), /\/deviceSerialNumber/);
});

t.test('an edit is checked before it is sent, only where it was edited', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('FORM-1', { streamUrl: 'cam.local/live' }));
  const { open, complaints } = await openDashboard(t, url);
  const drawer = await open('FORM-1');
  const save = () => drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByLabel('Name').fill(' ');
  await drawer.getByLabel('WebRTC URL').fill('cam.local:8889/live');
  await save();
  await drawer.getByText('Enter a name.').waitFor();
  await drawer.getByText(/^Enter a full URL/).waitFor();
  t.equal(await drawer.getByText(/^Enter a full URL/).count(), 1, 'the older Stream URL stays as it is');
  await drawer.getByLabel('Name').fill('Gate');
  await drawer.getByText('Enter a name.').waitFor({ state: 'detached' });
  for (const good of ['https://cam.local:8889/live', '']) {
    await drawer.getByLabel('WebRTC URL').fill(good);
    await save();
    await drawer.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    if (good) t.equal((await call(url, 'GET', `${DRONES}/sn/FORM-1`)).body.data.drone.webRTCUrl, good);
  }
  await drawer.getByLabel('Cameras').fill('x'.repeat(201));
  await save();
  await drawer.getByText('Use at most 200 characters for each camera.').waitFor();
  t.same(complaints, []);
});

t.test('the command for a terminal can be copied', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const { page } = await openDashboard(t, url);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Copied.').waitFor();
  t.match(await page.evaluate(() => navigator.clipboard.readText()), /^curl -X POST http.*DRN-0042/s);
});
