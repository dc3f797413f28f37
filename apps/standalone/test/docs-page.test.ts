import t from 'tap';
import { openTab, requiresChromium } from '../../../test/support/chromium.js';
import { startStandalone } from './start-standalone.js';

t.test(
  'the page of the API keeps a strict policy',
  { skip: !requiresChromium(t) && 'no Chromium' },
  async (t) => {
    const server = await startStandalone(t, { DATA_DIR: t.testdir() });
    const { page, complaints } = await openTab(t);
    const answer = await page.goto(`${server.url}/docs/`);
    await page.getByText('Register a drone').click();
    await page.getByText('harbour', { exact: false }).first().waitFor();
    t.same(complaints, []);
    const policy = answer?.headers()['content-security-policy'];
    t.match(policy, "script-src 'self';");
    t.notMatch(policy, /script-src[^;]*unsafe/);
  },
);
