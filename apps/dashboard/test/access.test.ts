import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, SECRET, startStandalone, tokenFor } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';

t.test('a token is asked for, and shows what it allows', { skip }, async (t) => {
  const { url } = await startStandalone(t, { AUTH_MODE: 'jwt', JWT_SECRET: SECRET });
  const headers = { authorization: `Bearer ${await tokenFor()}` };
  for (const serialNumber of ['A-1', 'B-1'])
    await call(url, 'POST', '/api/v1/drones/register', registration(serialNumber), headers);
  const { page, row, open, view } = await openDashboard(t, url);
  const signIn = async (token: string) => {
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn('nonsense');
  await page.getByRole('alert').getByText('This is no JWT').waitFor();
  const forged = `${(await tokenFor()).slice(0, -4)}AAAA`;
  await signIn(forged);
  await page.getByRole('alert').filter({ hasNotText: 'This is no JWT' }).waitFor();
  const token = await tokenFor(['drones:read', 'events:read'], 'A-*');
  await signIn(token);
  await row('A-1').waitFor();
  t.equal(await row('B-1').count(), 0);
  t.notMatch(page.url(), /ey/, 'the token is in no URL');
  t.equal(await page.evaluate(() => sessionStorage.getItem('dronecast.token')), token);
  t.equal(await page.evaluate(() => localStorage.length), 0);

  const drawer = await open('A-1');
  t.ok(await drawer.getByRole('switch', { name: 'Stream' }).isDisabled());
  t.equal(await drawer.getByRole('button', { name: 'Show stream credentials' }).count(), 0);
  t.equal(await drawer.getByRole('button', { name: 'Delete device' }).count(), 0);
  await drawer.getByRole('button', { name: 'Close' }).click();
  await view('System');
  await page.getByText('Your token does not allow broadcasts.').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
  t.equal(await page.evaluate(() => sessionStorage.length), 0);
});

t.test('who may read, but not follow events, reads by REST', { skip }, async (t) => {
  const { url } = await startStandalone(t, { AUTH_MODE: 'jwt', JWT_SECRET: SECRET });
  const headers = { authorization: `Bearer ${await tokenFor()}` };
  await call(url, 'POST', '/api/v1/drones/register', registration('REST-1'), headers);
  const { page, row, chip } = await openDashboard(t, url);
  await page.getByLabel('Token').fill(await tokenFor(['drones:read']));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await row('REST-1').waitFor();
  await chip.getByText('No live events, read by REST').waitFor();
  await call(url, 'PATCH', '/api/v1/drones/sn/REST-1', { streamIsOn: true }, headers);
  await row('REST-1').getByText('Stream on').waitFor();
});

t.test('who asks too much is told how long to wait', { skip }, async (t) => {
  const { url } = await startStandalone(t, { RATE_LIMIT_PER_MINUTE: '20' });
  await call(url, 'POST', '/api/v1/drones/register', registration('LIM-1'));
  const { page, open } = await openDashboard(t, url);
  const drawer = await open('LIM-1');
  for (let status = 200; status === 200; ) status = (await call(url, 'GET', '/api/v1/drones')).status;
  await drawer.getByRole('switch', { name: 'Stream' }).click();
  await page.getByText(/^Too many requests: the API takes the next one in \d+ s\.$/).waitFor();
  const isOn = await drawer.getByRole('switch', { name: 'Stream' }).getAttribute('aria-checked');
  t.equal(isOn, 'false', 'what failed is taken back');
});
