import t from 'tap';
import { openTab, requiresChromium } from '../../../test/support/chromium.js';
import { testFolder } from '../../../test/support/folder.js';
import { startStandalone } from './start-standalone.js';

t.test(
  'the page of the API keeps a strict policy',
  { skip: !requiresChromium(t) && 'no Chromium' },
  async (t) => {
    const server = await startStandalone(t, { DATA_DIR: testFolder(t) });
    const { page, complaints } = await openTab(t);
    const answer = await page.goto(`${server.url}/docs/`);
    await page.getByText('Register a drone').click();
    await page.getByText('harbour', { exact: false }).first().waitFor();
    t.equal(await page.title(), 'Dronecast API');
    t.equal(await page.getByText('Swagger', { exact: false }).filter({ visible: true }).count(), 0);
    await page.getByRole('heading', { name: 'Tokens' }).waitFor();
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.getByText('bearer', { exact: false }).first().waitFor();
    await page.keyboard.press('Escape');
    t.same(complaints, []);
    const policy = answer?.headers()['content-security-policy'];
    t.match(policy, "script-src 'self';");
    t.notMatch(policy, /script-src[^;]*unsafe/);
    await page.goto(`${server.url}/docs`);
    await page.getByRole('link', { name: 'Back to the fleet' }).click();
    await page.locator('#app').waitFor();
    t.equal(page.url().split('#')[0], `${server.url}/`);
  },
);
