import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Queue } from '../../../test/support/queue.js';
import { fileCursor } from '../src/file-cursor.js';
import { numbered, startFakeRelay } from './support/fake-relay.js';
import { follow } from './support/follow.js';

const never = new Promise<void>(() => {});

/** A store whose first saves fail in some way. */
function failing(ways: (() => void | Promise<void>)[]) {
  const saved = new Queue<string>();
  const left = [...ways];
  return {
    saved,
    load: () => undefined,
    save(cursor: string): void | Promise<void> {
      const fail = left.shift();
      if (fail) return fail();
      saved.push(cursor);
    },
  };
}

const throws = (): void => {
  throw new Error('no space left');
};
const rejects = async (): Promise<void> => throws();
const hangs = (): Promise<void> => never;

for (const [name, way] of Object.entries({ throws, rejects, hangs })) {
  t.test(`a cursor store that ${name} is a warning, and what it missed is saved later`, async (t) => {
    const relay = await startFakeRelay(t);
    const store = failing([way, way]);
    const { warnings, client } = follow(t, { url: relay.url, cursor: store }, { callbackMs: 50 });
    const visit = await relay.visits.next();
    visit.greet();
    for (const _ of [1, 2]) {
      const expected = name === 'hangs' ? /did not answer/ : 'no space left';
      t.match(await warnings.next(), { message: 'the cursor cannot be saved', cause: { message: expected } });
    }
    t.equal(await store.saved.next(), 'e.1-0', 'although nothing else has come');
    visit.say(numbered(2));
    t.equal(await store.saved.next(), 'e.2-0');
    await client.close();
  });
}

t.test('closing tries once more, and does not wait for ever', async (t) => {
  const relay = await startFakeRelay(t);
  const slowly = { callbackMs: 50, backoff: { firstMs: 600_000, mostMs: 600_000 } };
  for (const [way, saved] of [
    [throws, ['e.1-0']],
    [hangs, []],
  ] as const) {
    const store = failing(way === throws ? [throws] : [hangs, hangs, hangs]);
    const { warnings, client } = follow(t, { url: relay.url, cursor: store }, slowly);
    (await relay.visits.next()).greet();
    await warnings.next();
    await client.close();
    t.equal(store.saved.length, saved.length);
  }
});

t.test('a cursor that can not be loaded is the end, with its error', async (t) => {
  const relay = await startFakeRelay(t);
  const slow = follow(
    t,
    { url: relay.url, cursor: { load: () => never as never, save() {} } },
    { callbackMs: 50 },
  );
  t.match(await slow.client.closed, { message: /cursor store did not answer/ });
  const broken = follow(t, { url: relay.url, cursor: { load: throws as never, save() {} } });
  t.match(await broken.client.closed, { message: 'no space left' });
});

t.test('a cursor file that is damaged is a gap', async (t) => {
  const relay = await startFakeRelay(t);
  const path = join(t.testdir(), 'cursor');
  for (const damage of [Buffer.from([0, 159, 146, 150]), 'x'.repeat(70_000), 'e.1-0\ne.2-0', '\u2028', '']) {
    writeFileSync(path, damage);
    const { items, warnings, client } = follow(t, { url: relay.url, cursor: fileCursor(path) });
    const visit = await relay.visits.next();
    t.equal(visit.query.get('since'), null);
    visit.greet({ cursor: 'e.7-0' });
    t.match(await items.next(), { event: 'relay.gap', data: { cursor: 'e.7-0', reason: /saved cursor/ } });
    t.match(await warnings.next(), { message: /saved cursor/ });
    await client.close();
    t.equal(await fileCursor(path).load(), 'e.7-0', 'and is replaced');
  }
});
