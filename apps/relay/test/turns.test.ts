import t from 'tap';
import { createTurns } from '../src/peer/turns.js';

const burn = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

/** Counts turns of the event loop. */
function countLoops(): { stop(): number } {
  let loops = 0;
  let isOver = false;
  setImmediate(function count() {
    loops += 1;
    if (!isOver) setImmediate(count);
  });
  return {
    stop() {
      isOver = true;
      return loops;
    },
  };
}

t.test('work that comes in a burst leaves the event loop to others in between', async (t) => {
  const turns = createTurns();
  const done: number[] = [];
  const loops = countLoops();
  await Promise.all(
    Array.from({ length: 20 }, async (_, number) => {
      await turns.next();
      await undefined; // What goes on in microtasks is part of the work.
      burn(5);
      done.push(number);
    }),
  );
  t.same(
    done,
    Array.from({ length: 20 }, (_, number) => number),
    'in the order of arrival',
  );
  t.ok(loops.stop() >= 18, 'each took a turn of its own');
});

t.test('what costs little waits for nobody', async (t) => {
  const turns = createTurns();
  const loops = countLoops();
  for (let count = 0; count < 100; count += 1) await turns.next();
  t.ok(loops.stop() <= 3);
});
