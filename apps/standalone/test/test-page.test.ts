import { freePort } from '@dronecast/testbed';
import type { Page } from 'playwright-core';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { openTab, requiresChromium } from '../../../test/support/chromium.js';
import { Queue } from '../../../test/support/queue.js';
import { startStandalone } from './start-standalone.js';

const skip = !requiresChromium(t) && 'chromium missing';

const HOSTILE = `<img src=x onerror="document.title='hit'"><script>document.title='hit'</script>`;

async function connect(page: Page, serialNumbers = ''): Promise<void> {
  await page.getByLabel('Serial numbers').fill(serialNumbers);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await state(page, 'Connected').waitFor();
}

const state = (page: Page, text: string) => page.getByRole('status').getByText(text, { exact: true });

const registerForm = (page: Page) => page.locator('#register');
const changeForm = (page: Page) => page.locator('#change');

async function sendPatch(page: Page, serialNumber: string, body?: string): Promise<void> {
  await changeForm(page).getByLabel('Serial number').fill(serialNumber);
  if (body !== undefined) await page.getByLabel('Merge patch (JSON)').fill(body);
  await page.getByRole('button', { name: 'Send PATCH' }).click();
}

const frameWith = (page: Page, text: string) => page.locator('#frames li').filter({ hasText: text });

/** Event, channel and revision of each frame, newest first. */
const framesOf = (page: Page): Promise<string[]> =>
  page.locator('#frames summary').evaluateAll((rows) =>
    rows.map((row) => {
      const [, ...columns] = Array.from(row.children, ({ textContent }) => textContent);
      return columns.join(' ').trim();
    }),
  );

/** Each connection state from now on, in words. */
async function statesOf(page: Page): Promise<Queue<string>> {
  const states = new Queue<string>();
  await page.exposeFunction('pushState', (text: string) => states.push(text));
  await page.evaluate(() => {
    const { pushState } = window as unknown as { pushState(text: string | null): void };
    const state = document.querySelector('#state') as Element;
    new MutationObserver(() => pushState(state.textContent)).observe(state, { childList: true });
  });
  return states;
}

t.test('changes appear as they are made, in order; those of others do not', { skip }, async (t) => {
  const server = await startStandalone(t, { DATA_DIR: t.testdir() });
  const { page, complaints } = await openTab(t);
  await page.goto(`${server.url}/test`);
  t.equal(page.url(), `${server.url}/test/`);

  await registerForm(page).getByLabel('Serial number').fill('PAGE-1');
  await registerForm(page).getByLabel('Name').fill(HOSTILE);
  await registerForm(page).getByLabel('Category').selectOption('BODY CAM');
  await page.getByRole('button', { name: 'Register' }).click();
  await registerForm(page)
    .getByText(/^201 · ETag "\w+-1"$/)
    .waitFor();
  t.match((await call(server.url, 'GET', '/api/v1/drones/sn/PAGE-1')).body.data.drone, {
    deviceName: HOSTILE,
    deviceCategory: 'BODY CAM',
  });
  t.equal(await changeForm(page).getByLabel('Serial number').inputValue(), 'PAGE-1', 'it is offered next');

  await connect(page, 'PAGE-1');
  await sendPatch(page, 'PAGE-1');
  await changeForm(page)
    .getByText(/^200 · ETag "\w+-2"$/)
    .waitFor();
  await frameWith(page, 'drone.stream.status').waitFor();

  await call(server.url, 'POST', '/api/v1/drones/register', registration('PAGE-2'));
  await call(server.url, 'PATCH', '/api/v1/drones/sn/PAGE-2', { streamIsOn: true });
  await call(server.url, 'PATCH', '/api/v1/drones/sn/PAGE-1', { metadata: { alias: HOSTILE } });
  await call(server.url, 'PATCH', '/api/v1/drones/sn/PAGE-1', { isUsingAiDetection: true });
  await frameWith(page, 'drone.ai.detection.toggled').waitFor();
  t.same(await framesOf(page), [
    'drone.ai.detection.toggled drone:PAGE-1:ai rev 4',
    'drone.updated drone:PAGE-1:updated rev 4',
    'drone.updated drone:PAGE-1:updated rev 3',
    'drone.stream.status drone:PAGE-1:stream rev 2',
    'drone.updated drone:PAGE-1:updated rev 2',
    'relay.connected',
  ]);
  t.equal(await page.locator('#count').textContent(), '6');

  await frameWith(page, 'rev 3').locator('summary').focus();
  await page.keyboard.press('Enter');
  const json = frameWith(page, 'rev 3').locator('pre');
  await json.getByText('"alias"').waitFor();
  t.match(JSON.parse((await json.textContent()) ?? ''), {
    event: 'drone.updated',
    revision: 3,
    data: { changes: { metadata: { alias: HOSTILE } }, full: { deviceName: HOSTILE } },
  });
  t.equal(await page.locator('main img, main script').count(), 0, 'hostile text stays text');
  t.equal(await page.title(), 'Dronecast test page');

  await page.getByRole('button', { name: 'Clear' }).click();
  t.same(await framesOf(page), []);
  t.same(complaints, []);
});

t.test('a filter by kind', { skip }, async (t) => {
  const server = await startStandalone(t, { DATA_DIR: t.testdir() });
  const { page, complaints } = await openTab(t);
  await page.goto(`${server.url}/test/`);
  await page.getByLabel('deleted').check();
  await page.getByLabel('stream').check();
  await connect(page, 'KIND-*, OTHER-1');
  for (const serialNumber of ['KIND-1', 'KIND-2', 'NONE-1', 'OTHER-1']) {
    await call(server.url, 'POST', '/api/v1/drones/register', registration(serialNumber));
    await call(server.url, 'PATCH', `/api/v1/drones/sn/${serialNumber}`, { streamIsOn: true });
  }
  await call(server.url, 'DELETE', '/api/v1/drones/sn/KIND-1');
  await frameWith(page, 'drone.deleted').waitFor();
  t.same((await framesOf(page)).slice(0, -1), [
    'drone.deleted drone:KIND-1:deleted rev 3',
    'drone.stream.status drone:OTHER-1:stream rev 2',
    'drone.stream.status drone:KIND-2:stream rev 2',
    'drone.stream.status drone:KIND-1:stream rev 2',
  ]);
  t.same(complaints, []);
});

t.test('a refusal says why', { skip }, async (t) => {
  const server = await startStandalone(t, { DATA_DIR: t.testdir() });
  const { page, complaints } = await openTab(t);
  await page.goto(`${server.url}/test/`);
  const register = registerForm(page);
  const change = changeForm(page);
  await page.getByRole('button', { name: 'Register' }).click();
  await register.getByText(/^201 /).waitFor();
  await page.getByRole('button', { name: 'Register' }).click();
  await register.getByText('409 · Refused: serial_number_taken').waitFor();
  await register.getByText('/deviceSerialNumber is taken', { exact: true }).waitFor();

  await sendPatch(page, 'DRN-0042', '{"streamIsOn": "yes", "wings": 2}');
  await change.getByText('400 · Refused: validation_failed').waitFor();
  await change.getByText('/wings is not a known field', { exact: true }).waitFor();
  await change.getByText('/streamIsOn must be true or false, or null', { exact: false }).first().waitFor();
  await sendPatch(page, 'DRN-0042', '{');
  await change.getByText('400 · Refused: malformed_json').waitFor();
  await sendPatch(page, '../../../health/live', '{}');
  await change.getByText('/sn must be', { exact: false }).first().waitFor();
  await sendPatch(page, 'NOBODY', '{}');
  await change.getByText('404 · Refused: drone_not_found').waitFor();
  for (const complaint of complaints) t.match(complaint, /the server responded with a status of 4\d\d/);

  await page.getByLabel('Serial numbers').fill('DRN-*, a b');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  t.match(
    await page.getByLabel('Serial numbers').evaluate((field: HTMLInputElement) => field.validationMessage),
    'a b is no serial number',
  );
  t.equal(await page.locator('#state').textContent(), 'Not connected');
});

t.test('a lost connection comes back by itself', { skip }, async (t) => {
  const env = { DATA_DIR: t.testdir(), PORT: `${await freePort()}` };
  const { page, complaints } = await openTab(t);
  const first = await startStandalone(t, env);
  await page.goto(`${first.url}/test/`);
  const states = await statesOf(page);
  await connect(page);
  t.same(await states.take(2), ['Connecting', 'Connected']);
  await call(first.url, 'POST', '/api/v1/drones/register', registration('BACK-1'));
  await frameWith(page, 'drone.created').waitFor();

  await first.stop('SIGKILL');
  const broken = /^Reconnecting in 0\.\d s, attempt 1 \(1006, the connection broke\)$/;
  t.match(await states.next(), broken);
  const second = await startStandalone(t, env);
  await states.find((text) => text === 'Connected');
  await frameWith(page, 'relay.gap').waitFor();
  await call(second.url, 'PATCH', '/api/v1/drones/sn/BACK-1', { streamIsOn: true });
  await frameWith(page, 'drone.stream.status').waitFor();

  await second.stop('SIGTERM');
  t.match(await states.next(), /attempt 1 \(1012, the relay is restarting\)$/);
  await frameWith(page, 'relay.draining').waitFor();
  await startStandalone(t, env);
  await states.find((text) => text === 'Connected');

  await page.getByRole('button', { name: 'Disconnect' }).click();
  t.equal(await states.next(), 'Disconnected');
  t.ok(await page.getByRole('button', { name: 'Disconnect' }).isDisabled());
  // a server that is going down answers 503 before it stops listening
  const expected = /WebSocket connection .*(ERR_CONNECTION_REFUSED|response code: 503)/;
  for (const complaint of complaints) t.match(complaint, expected);
});

t.test('a close that forbids to come back is final and explained', { skip }, async (t) => {
  const server = await startStandalone(t, { DATA_DIR: t.testdir() });
  const { page, complaints } = await openTab(t);
  let connections = 0;
  await page.routeWebSocket('**/ws/events', (socket) => {
    connections += 1;
    socket.close({ code: 4400, reason: 'whatever it says' });
  });
  await page.goto(`${server.url}/test/`);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await state(page, 'Closed: 4400, too many frames, or too many invalid ones').waitFor();
  t.equal(await page.locator('#state').getAttribute('data-state'), 'closed');
  t.equal(connections, 1);
  t.same(complaints, []);
});

t.test('the list keeps the newest 500 frames', { skip }, async (t) => {
  const server = await startStandalone(t, { DATA_DIR: t.testdir() });
  const { page, complaints } = await openTab(t);
  await page.goto(`${server.url}/test/`);
  await connect(page);
  for (let number = 1; number <= 520; number += 1)
    await call(server.url, 'POST', '/api/v1/system/broadcast', {
      message: `number ${number}`,
      level: 'info',
    });
  await page.getByText('newest 500 of 521', { exact: true }).waitFor();
  t.equal((await framesOf(page)).length, 500);
  await page.locator('#frames summary').first().click();
  await page.locator('#frames pre').first().getByText('number 520').waitFor();
  await page.locator('#frames summary').last().click();
  await page.locator('#frames pre').last().getByText('"number 21"').waitFor();
  t.same(complaints, []);
});

t.test('fits a phone, in the dark', { skip }, async (t) => {
  const server = await startStandalone(t, { DATA_DIR: t.testdir() });
  const { page, complaints } = await openTab(t, { width: 320, height: 640, colorScheme: 'dark' });
  const serialNumber = 'S'.repeat(64);
  await page.goto(`${server.url}/test/`);
  await connect(page);
  await page.getByText('Register a drone').click();
  await registerForm(page).getByLabel('Serial number').fill(serialNumber);
  await registerForm(page).getByLabel('Name').fill('N'.repeat(200));
  await page.getByRole('button', { name: 'Register' }).click();
  await frameWith(page, 'drone.created').locator('summary').click();
  await frameWith(page, 'drone.created').locator('pre').getByText(serialNumber).waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  t.equal(overflow, 0, 'nothing to scroll sideways');
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  t.match(background, /^rgb\((?:[0-4]?\d, ){2}[0-4]?\d\)$/, 'dark');
  t.same(complaints, []);
});

t.test('has no inline script or style, and a strict policy', async (t) => {
  const server = await startStandalone(t, { DATA_DIR: t.testdir() });
  const names = ['', 'test-page.js', 'protocol.js', 'test-page.css', 'icon.svg'];
  for (const name of names) {
    const answer = await fetch(`${server.url}/test/${name}`);
    t.equal(answer.status, 200, name);
    t.match(
      answer.headers.get('content-security-policy'),
      /^default-src 'none';script-src 'self';style-src 'self';/,
    );
    t.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  }
  const html = await (await fetch(`${server.url}/test/`)).text();
  t.notMatch(html, /<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:/);
  const outside = await fetch(`${server.url}/test/..%2fpackage.json`);
  t.not(outside.status, 200, 'the folder alone is served');
});
