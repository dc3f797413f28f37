import t from 'tap';
import { requiresChromium } from '../../../test/support/chromium.js';
import { runProcess } from '../../../test/support/process.js';
import { openDashboard, startStandalone } from '../../dashboard/test/dashboard.js';

t.test(
  'pictures of simulated incidents load on the page',
  { skip: !requiresChromium(t) && 'chromium missing' },
  async (t) => {
    const { url } = await startStandalone(t);
    const args = ['--url', url, '--drones', '5', '--rate', '50', '--duration', '2'];
    await runProcess(t, 'apps/simulator/dist/main.js', {}, args);
    const { page, view, complaints } = await openDashboard(t, url);
    await view('Incidents');
    // Drawn over a picture that has loaded.
    await page.getByRole('article').first().locator('rect').waitFor();
    t.equal(await page.getByText('The image cannot be shown.').count(), 0);
    t.same(complaints, []);
  },
);
