import t from 'tap';
import { createSchedule, FAULTS } from '../src/schedule.js';

const names = FAULTS.map(({ name }) => name);
const TEN_MINUTES = 600_000;

t.test('the same seed repeats the same faults', async (t) => {
  const schedule = createSchedule(names, 7, TEN_MINUTES);
  t.same(createSchedule(names, 7, TEN_MINUTES), schedule);
  t.notSame(createSchedule(names, 8, TEN_MINUTES), schedule);
});

t.test('a full run makes each fault many times, alone and mixed', async (t) => {
  for (const seed of [1, 2, 3]) {
    const schedule = createSchedule(names, seed, TEN_MINUTES);
    t.ok(schedule.length >= 100, `${schedule.length} faults`);
    for (const { name, ...kind } of FAULTS) {
      const phases = schedule.filter((fault) => fault.name === name).map(({ phase }) => phase);
      if ('isOnce' in kind) {
        t.same(phases, ['alone'], name);
        continue;
      }
      t.ok(phases.filter((phase) => phase === 'alone').length >= 2, `${name} alone`);
      const mixed = phases.filter((phase) => phase === 'mixed').length;
      t.ok('needsEarlier' in kind ? mixed === 0 : mixed >= 5, `${name} mixed ${mixed} times`);
    }
  }
});

t.test('only what was asked for is made', async (t) => {
  const schedule = createSchedule(['redis-kill', 'api-kill'], 1, 60_000);
  t.same(new Set(schedule.map(({ name }) => name)), new Set(['redis-kill', 'api-kill']));
});
