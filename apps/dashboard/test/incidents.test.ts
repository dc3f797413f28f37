import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';

t.test('incidents are on the map and in the feed, as they come', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', '/api/v1/drones/register', registration('INC-1'));
  const report = (label: string, confidence: number, imageUrl = `${url}/demo-scene.svg`) =>
    call(url, 'POST', '/api/v1/drones/sn/INC-1/incidents', {
      imageUrl,
      label,
      confidence,
      objectBBox: [60, 150, 90, 120],
      coordinates: { type: 'Point', coordinates: [8.54, 47.37] },
    });
  await report('boat', 0.9);
  const { page, view, row, complaints } = await openDashboard(t, url);
  await row('INC-1').getByText('on map').waitFor();
  await page.locator('[aria-label="Map of devices"][data-markers="1"]').waitFor();

  await view('Incidents');
  const card = (name: string) => page.getByRole('article', { name: `${name}, INC-1` });
  await card('boat').locator('rect').waitFor();
  t.equal(await card('boat').locator('svg').getAttribute('viewBox'), '0 0 640 360');
  await report('car', 0.4);
  await page.getByRole('button', { name: '1 new' }).waitFor();
  await page.locator('[aria-label="Map of incidents"][data-markers="2"]').waitFor();
  t.equal(await card('car').count(), 0, 'the list does not jump');
  await page.getByRole('button', { name: '1 new' }).click();
  await card('car').waitFor();

  await page.getByLabel(/^Confidence/).fill('50');
  await page.getByText('1 of 2').waitFor();
  t.equal(await card('car').count(), 0);
  t.match(page.url(), /confidence=50/);
  await page.getByLabel(/^Confidence/).fill('0');
  t.same(complaints, []);

  const HOSTILE = `"><script>document.title='hit'</script>`;
  await report(HOSTILE, 1, `${url}/none.jpg?x=${encodeURIComponent(HOSTILE)}`);
  await page.getByRole('button', { name: '1 new' }).click();
  const broken = page.getByRole('article').filter({ hasText: HOSTILE });
  await broken.getByText('The image cannot be shown.').waitFor();
  t.equal(await page.title(), 'Dronecast');
  await broken.getByRole('button', { name: 'INC-1' }).click();
  await page.getByRole('region', { name: 'Incidents of this device' }).getByText('boat').waitFor();
});
