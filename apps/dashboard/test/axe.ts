import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { Test } from 'tap';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with what axe finds wrong on the page as it is. */
export async function checkAxe(t: Test, page: Page, name: string): Promise<void> {
  const results = (await page.evaluate(`(() => { ${AXE}; return axe.run(); })()`)) as AxeResults;
  const found = results.violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
  t.same(found, [], name);
}
