import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';

t.test('how the system does, and a word to everybody', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', '/api/v1/drones/register', registration('SYS-1'));
  const { page, view, complaints } = await openDashboard(t, url);
  await view('System');
  const tile = (name: string) => page.locator('.tile').filter({ hasText: name });
  await tile('API').getByText('ready').waitFor();
  await tile('Peers').getByText('1', { exact: true }).waitFor();
  await tile('Commit to bus')
    .getByText(/^≤ \d+ ms/)
    .waitFor();
  await page.getByText('Figures come from the relay that answered this request.').waitFor();
  await page.locator('.plot canvas').nth(1).waitFor();

  const form = page.getByRole('form', { name: 'Broadcast' });
  await form.getByLabel('Message').fill('Land by <b>18:00</b>');
  await form.getByLabel('Level').selectOption('critical');
  await form.getByRole('button').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  const banner = page.locator('.banner.critical');
  await banner.getByText('Land by <b>18:00</b>').waitFor();
  await banner.getByRole('button', { name: 'Dismiss' }).click();
  await banner.waitFor({ state: 'detached' });
  t.same(complaints, []);
});

t.test('the frames as they come, and again from any of them', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  const { page, view, complaints, chip } = await openDashboard(t, url);
  await chip.getByText('Live').waitFor();
  await call(url, 'POST', '/api/v1/drones/register', registration('CON-1'));
  for (const streamIsOn of [true, false]) await call(url, 'PATCH', '/api/v1/drones/sn/CON-1', { streamIsOn });
  await view('Console');
  const summaries = page.locator('.frames summary .head');
  await page.getByText('5 frames since').waitFor();
  t.same(await summaries.allTextContents(), [
    'drone.stream.status drone:CON-1:stream rev 3',
    'drone.updated drone:CON-1:updated rev 3',
    'drone.stream.status drone:CON-1:stream rev 2',
    'drone.updated drone:CON-1:updated rev 2',
    'drone.created drone:CON-1:created rev 1',
  ]);
  await summaries.nth(3).click();
  await page.getByRole('button', { name: 'Replay from here' }).click();
  await page.getByText(/^Replayed after .*: 3\./).waitFor();
  t.equal(await summaries.count(), 3);
  await page.getByRole('searchbox').fill('"revision":3');
  await page.getByText('the newest 2 of 2').waitFor();
  await page.getByRole('button', { name: 'Back to live frames' }).click();
  await page.getByRole('searchbox').fill('');
  await page.getByRole('button', { name: 'Pause' }).click();
  await call(url, 'DELETE', '/api/v1/drones/sn/CON-1');
  await page.getByText('6 frames since').waitFor();
  t.equal(await summaries.count(), 5);
  await page.getByRole('button', { name: 'Resume' }).click();
  await summaries.getByText('drone.deleted').waitFor();
  t.same(complaints, []);
});
