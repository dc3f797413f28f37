import t, { type Test } from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { testFolder } from '../../../test/support/folder.js';
import { startProcess } from '../../../test/support/process.js';
import { type Dashboard, openDashboard, SECRET, startStandalone, tokenFor } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';
const BULK = '**/api/v1/drones/bulk';

const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `BULK-${String(index + 1).padStart(3, '0')}`);

async function fill(url: string, count: number): Promise<void> {
  await Promise.all(
    numbers(count).map((serialNumber) => call(url, 'POST', `${DRONES}/register`, registration(serialNumber))),
  );
}

const streamsOn = async (url: string): Promise<number> =>
  (await call(url, 'GET', `${DRONES}?streamIsOn=true`)).body.results;

interface Bulk extends Dashboard {
  readonly url: string;
  readonly bar: ReturnType<Dashboard['row']>;
  /** Ticks all that the filters show. */
  selectAll(): Promise<void>;
  /** Asks for a switch and agrees. */
  agree(action: string, question: string): Promise<void>;
}

async function openBulk(t: Test, count: number, env: Record<string, string> = {}): Promise<Bulk> {
  const { url } = await startStandalone(t, env);
  await fill(url, count);
  const dashboard = await openDashboard(t, url);
  const { page, row } = dashboard;
  const bar = page.getByRole('region', { name: 'Selected devices' });
  await row('BULK-001').waitFor();
  await page.getByText(`${count} of ${count}`).waitFor();
  return {
    ...dashboard,
    url,
    bar,
    selectAll: () => page.getByLabel('Select all that were found').check(),
    async agree(action, question) {
      await bar.getByRole('button', { name: action, exact: true }).click();
      await page.getByRole('dialog', { name: question }).getByRole('button', { name: action }).click();
    },
  };
}

t.test('what the filters hide is not switched', { skip }, async (t) => {
  const { page, bar, selectAll, agree, row, url, complaints } = await openBulk(t, 3);
  await selectAll();
  await bar.getByText('3 selected', { exact: true }).waitFor();
  await page.getByRole('searchbox').fill('BULK-002');
  await bar.getByText('3 selected, 2 of them hidden by the filters').waitFor();
  await agree('Stream on', 'Turn the stream on for 1 device?');
  await bar.getByText('Stream on: 1 of 1 done').waitFor();
  await row('BULK-002').getByText('Stream on').waitFor();
  t.equal(await streamsOn(url), 1);
  await page.getByRole('searchbox').fill('nothing');
  await bar.getByText('3 selected, all of them hidden by the filters').waitFor();
  t.ok(await bar.getByRole('button', { name: 'AI on' }).isDisabled());
  await page.getByRole('searchbox').fill('');
  await call(url, 'DELETE', `${DRONES}/sn/BULK-001`);
  await bar.getByText('2 selected', { exact: true }).waitFor();
  t.same(complaints, []);
});

t.test('nothing is sent before the user has agreed to the number', { skip }, async (t) => {
  const { page, bar, selectAll, url } = await openBulk(t, 2);
  await selectAll();
  await bar.getByRole('button', { name: 'AI off' }).click();
  const dialog = page.getByRole('dialog', { name: 'Turn AI detection off for 2 devices?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  t.equal(await bar.getByRole('status').count(), 0);
  t.equal((await call(url, 'GET', `${DRONES}/sn/BULK-001`)).body.data.drone.revision, 1);
});

t.test('a run shows its progress, outlives the view and can be stopped', { skip }, async (t) => {
  const { page, bar, selectAll, agree, view, url, complaints } = await openBulk(t, 240);
  let release = (): void => {};
  const sizes: number[] = [];
  await page.route(BULK, async (route) => {
    sizes.push(route.request().postDataJSON().drones.length);
    if (sizes.length === 2)
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    await route.continue();
  });
  await selectAll();
  await agree('Stream on', 'Turn the stream on for 240 devices?');
  await bar.getByText('Stream on: 100 of 240').waitFor();
  t.equal(await bar.getByRole('progressbar').getAttribute('value'), '100');
  await view('System');
  await bar.waitFor({ state: 'detached' });
  await view('Fleet');
  await bar.getByText('Stream on: 100 of 240').waitFor();
  t.equal(await bar.getByRole('button', { name: 'AI on' }).getAttribute('aria-disabled'), 'true');
  await bar.getByRole('button', { name: 'Stop' }).click();
  await bar.getByText('Stopping after the request in progress.').waitFor();
  release();
  await bar.getByText('Stopped: 200 done, 40 not started').waitFor();
  t.same(sizes, [100, 100]);
  t.equal(await streamsOn(url), 200);
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  t.equal(focused, 'Stopped: 200 done, 40 not started', 'the focus stays at the result');
  await bar.getByText('40 not started', { exact: true }).click();
  await bar.getByText(/^BULK-201, .*BULK-240$/).waitFor();

  await bar.getByRole('button', { name: 'Continue with 40 devices' }).click();
  await bar.getByText('Stream on: 240 of 240 done').waitFor();
  await bar.getByText('240 changed').waitFor();
  t.same(sizes, [100, 100, 40]);
  t.equal(await streamsOn(url), 240);
  await bar.getByRole('button', { name: 'Close result' }).click();
  await bar.getByRole('status').waitFor({ state: 'detached' });
  t.same(complaints, []);
});

t.test('each device has its outcome, and the failed are sent again', { skip }, async (t) => {
  const { page, bar, selectAll, agree, row, url } = await openBulk(t, 6);
  await call(url, 'PATCH', `${DRONES}/sn/BULK-001`, { streamIsOn: true });
  await row('BULK-001').getByText('Stream on').waitFor();
  await selectAll();
  const problems: Record<string, object> = {
    'BULK-003': { status: 503, problem: { code: 'outbox_full', detail: 'Too many events wait' } },
    'BULK-004': { status: 412, problem: { code: 'precondition_failed', detail: 'Another revision' } },
  };
  const sent: string[][] = [];
  await page.route(BULK, async (route) => {
    const names = route
      .request()
      .postDataJSON()
      .drones.map((one: object) => Object.values(one).join());
    sent.push(names);
    if (sent.length > 1) return route.continue();
    await call(url, 'DELETE', `${DRONES}/sn/BULK-002`);
    const answer = await route.fetch();
    const json = await answer.json();
    for (const result of json.data.results) Object.assign(result, problems[result.serialNumber]);
    return route.fulfill({ response: answer, json });
  });
  await agree('Stream on', 'Turn the stream on for 6 devices?');
  await bar.getByText('Stream on: 3 of 6 done').waitFor();
  const groups = bar.locator('summary');
  t.same((await groups.allTextContents()).sort(), [
    '1 changed by someone else',
    '1 failed: Too many events wait',
    '1 needed no change',
    '1 no longer exists',
    '2 changed',
  ]);
  await bar.getByText('1 no longer exists').click();
  await bar.getByText('BULK-002', { exact: true }).waitFor();
  await bar.getByRole('button', { name: 'Retry the failed' }).click();
  await bar.getByText('Stream on: 5 of 6 done').waitFor();
  t.same(sent[1], ['BULK-003', 'BULK-004']);
  t.equal(await bar.getByRole('button', { name: 'Retry the failed' }).count(), 0);
});

t.test('a call that fails as a whole counts for its devices', { skip }, async (t) => {
  const { page, bar, selectAll, agree, url } = await openBulk(t, 240);
  let calls = 0;
  await page.route(BULK, (route) => {
    calls += 1;
    return calls === 1 ? route.abort() : route.continue();
  });
  await selectAll();
  await agree('AI on', 'Turn AI detection on for 240 devices?');
  await bar.getByText('AI on: 140 of 240 done').waitFor();
  await bar.getByText('100 without an answer, so it is not known whether they changed').waitFor();
  await bar.getByRole('button', { name: 'Retry the failed' }).click();
  await bar.getByText('AI on: 240 of 240 done').waitFor();
  t.equal((await call(url, 'GET', `${DRONES}?isUsingAiDetection=true`)).body.results, 240);

  await page.unroute(BULK);
  await page.route(BULK, (route) => route.abort());
  await agree('AI off', 'Turn AI detection off for 240 devices?');
  await bar.getByText('Stopped: 0 done, 200 failed, 40 not started').waitFor();
});

t.test('a token that is refused, and devices beyond the rate limit', { skip }, async (t) => {
  const DATA_DIR = testFolder(t);
  const start = (env: Record<string, string>) =>
    startProcess(t, 'apps/standalone/dist/server.js', { DATA_DIR, ...env });
  const first = await start({});
  await fill(first.url, 150);
  await first.stop();
  const auth = { AUTH_MODE: 'jwt', JWT_SECRET: SECRET };
  const { url } = await start({ ...auth, RATE_LIMIT_PER_MINUTE: '60' });
  const { page, row } = await openDashboard(t, url);
  await page.getByLabel('Token').fill(await tokenFor());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await row('BULK-001').waitFor();
  await page.getByLabel('Select all that were found').check();
  const bar = page.getByRole('region', { name: 'Selected devices' });
  await bar.getByRole('button', { name: 'Stream on' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stream on' }).click();
  await bar.getByText(/^\d+ over the rate limit$/).waitFor();
  await bar.getByText(/^Stopped: \d+ done, \d+ failed, 50 not started$/).waitFor();
  await page.getByText(/^Too many requests: the API takes the next one in \d+ s\.$/).waitFor();

  await page.route(BULK, (route) =>
    route.fulfill({ status: 401, json: { detail: 'The token has expired' } }),
  );
  await bar.getByRole('button', { name: 'Continue with 50 devices' }).click();
  await page.getByRole('alert').getByText('The token has expired').waitFor();
});
