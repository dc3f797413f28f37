import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

/** `pnpm test:soak`: too long for each run. */
const skip = !requiresChromium(t) && 'chromium missing';
const MINUTES = Number(process.env.MINUTES ?? 10);
const DEVICES = 10_000;
const EVENTS_PER_SECOND = 200;
/** A switched stream gives two events. */
const CHANGES_PER_SECOND = EVENTS_PER_SECOND / 2;
const AT_ONCE = 50;
const LONG_TASK_MS = 200;
/** How far the heap may be from where it was after the first minute. */
const HEAP_SHARE = 0.1;

/** Bytes of the page's heap that are in use once the garbage is collected. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** Tasks of the page that took longer than this, in milliseconds, since the last call. */
const longTasks = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const found = (globalThis as unknown as { longTasks: number[] }).longTasks;
    return found.splice(0);
  });

t.test(`${DEVICES} devices at ${EVENTS_PER_SECOND} events/s for ${MINUTES} minutes`, { skip }, async (t) => {
  const { url } = await startStandalone(t, { RATE_LIMIT_PER_MINUTE: '10000000' });
  const serialNumbers = Array.from({ length: DEVICES }, (_, i) => `SOAK-${String(i).padStart(5, '0')}`);
  for (let at = 0; at < DEVICES; at += AT_ONCE)
    await Promise.all(
      serialNumbers
        .slice(at, at + AT_ONCE)
        .map((serialNumber) => call(url, 'POST', '/api/v1/drones/register', registration(serialNumber))),
    );
  const { page, row, complaints } = await openDashboard(t, url);
  await page.getByText(`${DEVICES.toLocaleString('en')} of ${DEVICES.toLocaleString('en')}`).waitFor();
  await row('SOAK-00000').waitFor();
  await page.evaluate(() => {
    const found: number[] = [];
    Object.assign(globalThis, { longTasks: found });
    new PerformanceObserver((list) =>
      found.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: 'longtask',
    });
  });

  const start = Date.now();
  let changes = 0;
  let first: number | undefined;
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    while (Date.now() - start < minute * 60_000) {
      const due = Math.floor(((Date.now() - start) / 1000) * CHANGES_PER_SECOND);
      const batch = Array.from({ length: Math.min(AT_ONCE, due - changes) }, (_, i) => {
        const number = changes + i;
        const serialNumber = serialNumbers[(number * 7919) % DEVICES];
        const streamIsOn = Math.floor(number / DEVICES) % 2 === 0;
        return call(url, 'PATCH', `/api/v1/drones/sn/${serialNumber}`, { streamIsOn });
      });
      changes += batch.length;
      await Promise.all(batch);
      if (batch.length === 0) await delay(5);
    }
    // Collecting garbage is a long task of our own making.
    const tasks = await longTasks(page);
    const heap = await heapOf(page);
    await longTasks(page);
    first ??= heap;
    const megabytes = (heap / 1e6).toFixed(1);
    t.comment(`minute ${minute}: ${changes} changes, heap ${megabytes} MB, ${tasks.length} tasks over 50 ms`);
    t.ok(Math.abs(heap / first - 1) <= HEAP_SHARE, `minute ${minute}: the heap is flat, ${megabytes} MB`);
    const longest = Math.max(0, ...tasks);
    t.ok(
      longest <= LONG_TASK_MS,
      `minute ${minute}: no long task, the longest took ${Math.round(longest)} ms`,
    );
  }
  t.ok(changes >= 0.95 * MINUTES * 60 * CHANGES_PER_SECOND, `${changes} changes were made`);
  t.same(complaints, []);
});
