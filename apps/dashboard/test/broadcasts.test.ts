import t from 'tap';
import { call } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, SECRET, startStandalone, tokenFor } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';

const announce = (url: string, level: string, message: string, headers = {}) =>
  call(url, 'POST', '/api/v1/system/broadcast', { level, message }, headers);

t.test('the most urgent broadcasts are on top, and the others can be shown', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const { page, chip, complaints } = await openDashboard(t, url);
  await chip.getByText('Live', { exact: true }).waitFor();
  const messages = page.locator('.banner > span');
  await announce(url, 'critical', 'Land now');
  for (const message of ['first', 'second', 'third', 'fourth']) await announce(url, 'info', message);
  await announce(url, 'warning', 'Storm');
  await messages.getByText('Storm').waitFor();
  t.same(await messages.allTextContents(), ['Land now', 'Storm', 'fourth']);
  await page.getByText('+3 more').click();
  t.same(await messages.allTextContents(), ['Land now', 'Storm', 'fourth', 'third', 'second', 'first']);
  await page.getByRole('button', { name: 'Show fewer' }).click();
  await page.getByRole('button', { name: 'Dismiss: Land now' }).click();
  await messages.getByText('third').waitFor();
  t.same(await messages.allTextContents(), ['Storm', 'fourth', 'third']);
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  t.equal(focused, 'Broadcasts', 'the focus stays at the broadcasts');
  t.same(complaints, []);
});

t.test('broadcasts are there again until they are dismissed in the browser', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await announce(url, 'error', 'Before the page was opened');
  const { page, complaints } = await openDashboard(t, url);
  const messages = page.locator('.banner > span');
  await messages.getByText('Before the page was opened').waitFor();
  await announce(url, 'info', 'While it was open');
  await messages.getByText('While it was open').waitFor();
  await page.reload();
  await messages.getByText('While it was open').waitFor();
  t.same(await messages.allTextContents(), ['Before the page was opened', 'While it was open']);

  const opened = page.waitForEvent('popup');
  await page.evaluate(() => void window.open('/'));
  const other = await opened;
  const elsewhere = other.locator('.banner > span');
  await elsewhere.getByText('While it was open').waitFor();
  await page.getByRole('button', { name: 'Dismiss: Before the page was opened' }).click();
  await elsewhere.getByText('Before the page was opened').waitFor({ state: 'detached' });
  await page.reload();
  await messages.getByText('While it was open').waitFor();
  t.same(await messages.allTextContents(), ['While it was open']);
  t.same(complaints, []);
});

t.test('the news of days ago is not shown, the alarm is', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const level of ['info', 'warning', 'error', 'critical']) await announce(url, level, `A ${level}`);
  const { page } = await openDashboard(t, 'about:blank');
  const inDays = (days: number) => page.clock.setFixedTime(Date.now() + days * 86_400_000);
  await page.clock.install();
  await inDays(2);
  await page.goto(url);
  const messages = page.locator('.banner > span');
  await messages.getByText('A critical').waitFor();
  t.same(await messages.allTextContents(), ['A critical', 'A error']);
  t.match(
    await page.locator('.banner time').first().textContent(),
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /,
    'with its date',
  );
});

t.test('a broadcast names who sent it', { skip }, async (t) => {
  const { url } = await startStandalone(t, { AUTH_MODE: 'jwt', JWT_SECRET: SECRET });
  await announce(url, 'info', 'Shift change', { authorization: `Bearer ${await tokenFor()}` });
  const { page, chip } = await openDashboard(t, url);
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  const signIn = async (token: string): Promise<void> => {
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn(await tokenFor(['drones:read']));
  await chip.getByText('No live events, read by REST').waitFor();
  t.notOk(paths.includes('/api/v1/system/broadcasts'), 'what the token does not allow is not asked for');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(await tokenFor());
  await page.locator('.banner').getByText('From operator, ').waitFor();
});

t.test('a critical broadcast is asked about, and an unsent one is not lost', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const { page, view, complaints } = await openDashboard(t, url);
  await view('System');
  const form = page.getByRole('form', { name: 'Broadcast' });
  const send = form.getByRole('button', { name: 'Send to all connected users' });
  await send.click();
  await form.getByText('Enter a message.').waitFor();
  const message = form.getByLabel('Message');
  t.ok(await message.evaluate((one) => one === document.activeElement));
  await message.fill('Land now');
  await view('Fleet');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep editing' }).click();
  t.equal(await message.inputValue(), 'Land now');

  await form.getByLabel('Level').selectOption('critical');
  await send.click();
  const dialog = page.getByRole('dialog', { name: 'Send this critical message to all connected users?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  t.equal((await call(url, 'GET', '/api/v1/system/broadcasts')).body.data.broadcasts.length, 0);
  await send.click();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await page.locator('.banner.critical').getByText('Land now').waitFor();
  await form.getByText('Sent to all connected users.').waitFor();
  t.equal((await call(url, 'GET', '/api/v1/system/broadcasts')).body.data.broadcasts.length, 1);
  await message.fill('All clear');
  await send.click();
  await page.locator('.banner.info').getByText('All clear').waitFor();
  await view('Fleet');
  await page.getByText('No devices yet').waitFor();
  t.same(complaints, []);
});
