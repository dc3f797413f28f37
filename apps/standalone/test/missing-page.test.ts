import t, { type Test } from 'tap';
import { openTab, requiresChromium } from '../../../test/support/chromium.js';
import { testFolder } from '../../../test/support/folder.js';
import { rawRequest } from '../../../test/support/raw-request.js';
import { startStandalone } from './start-standalone.js';

/** As browsers ask for a page. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
const SCRIPT = '/%22%3E<script>alert(1)</script>&amp;';

const start = (t: Test) => startStandalone(t, { DATA_DIR: testFolder(t) });

t.test('a wrong address shows a page to browsers alone', async (t) => {
  const { port } = await start(t);
  const ask = (path: string, accept?: string, method = 'GET') =>
    rawRequest(port, {
      method,
      path,
      headers: [['Host', 'localhost'], ...(accept === undefined ? [] : [['Accept', accept] as const])],
    });
  for (const path of [
    '/flet',
    '/incidents/',
    '/fleet/DRN-1',
    '/index.php?access_token=sesame',
    '/docs/nothing',
    '/apis',
  ]) {
    const { status, headers, text } = await ask(path, BROWSER);
    t.equal(status, 404, path);
    t.match(
      headers,
      { 'content-type': 'text/html; charset=utf-8', vary: /Accept/, 'x-request-id': String },
      path,
    );
    t.match(headers['content-security-policy'], "default-src 'none';", path);
    t.match(text, `<code>${path.split('?')[0]}</code>`);
    t.match(text, 'Dronecast');
    t.match(text, '<a href="/">');
    t.notMatch(text, 'sesame');
  }
  for (const [path, accept, method] of [
    ['/flet', '*/*'],
    ['/flet', undefined],
    ['/flet', 'application/json'],
    ['/flet', 'application/json, text/html;q=0.9'],
    ['/flet', 'text/html;q=0, */*'],
    ['/flet', 'garbage;;;,'],
    ['/flet', BROWSER, 'POST'],
    ['/api', BROWSER],
    ['/api/v1/dronez', BROWSER],
    ['/api/v1/drones/bulk', BROWSER],
    ['/health/nothing', BROWSER],
    ['/ws', BROWSER],
    ['/poll/nothing', BROWSER],
  ] as const) {
    const { headers, json } = await ask(path, accept, method);
    t.match(headers['content-type'], 'application/problem+json', `${path} ${accept}`);
    t.match(json(), { code: /route_not_found|method_not_allowed/ });
  }
  t.match((await ask('/flet', '*/*')).headers.vary, /Accept/, 'a cache keeps the two apart');
  t.match(await ask('/flet', BROWSER, 'HEAD'), { status: 404, text: '' });
});

t.test('what the path says is text', async (t) => {
  const { port } = await start(t);
  const { text } = await rawRequest(port, {
    path: SCRIPT,
    headers: [
      ['Host', 'localhost'],
      ['Accept', BROWSER],
    ],
  });
  t.match(text, '/%22%3E&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;');
  t.notMatch(text, '<script>');
  const long = await rawRequest(port, {
    path: `/${'a'.repeat(5000)}`,
    headers: [
      ['Host', 'localhost'],
      ['Accept', BROWSER],
    ],
  });
  t.ok(long.text.length < 2000);
});

t.test('the page leads to the fleet', { skip: !requiresChromium(t) && 'no Chromium' }, async (t) => {
  const server = await start(t);
  const { page, complaints } = await openTab(t, { width: 390 });
  const answer = await page.goto(`${server.url}/flet`);
  t.equal(answer?.status(), 404);
  t.match(await page.title(), 'Dronecast');
  t.match(await page.locator('body').textContent(), '/flet');
  t.same(
    complaints.filter((complaint) => !complaint.includes('404')),
    [],
  );
  await page.getByRole('link', { name: 'Go to the fleet' }).click();
  await page.waitForURL(`${server.url}/**`);
  await page.locator('#app').waitFor();
});
