import { readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { readDocument, toTypes } from './openapi.js';

const FILE = new URL('../src/schema.ts', import.meta.url);

t.test('the types are those of the API and of packages/events', async (t) => {
  const types = await toTypes(await readDocument(t));
  if (process.env.TAP_SNAPSHOT) writeFileSync(FILE, types);
  t.equal(readFileSync(FILE, 'utf8'), types, 'else: pnpm --filter @dronecast/client generate');
});
