import t from 'tap';
import { buildApi } from './build-api.js';
import { Gate } from './faults.js';
import { oneTo } from './store-contract/context.js';

t.test('concurrent readiness checks share one query', async (t) => {
  const gate = new Gate();
  const { call } = await buildApi(t, {
    faults: (store) => ({
      ...store,
      async backlog() {
        await gate.pass();
        return store.backlog();
      },
    }),
  });
  gate.close();
  const probes = oneTo(50).map(() => call({ url: '/health/ready' }));
  await call({ url: '/health/live' });
  gate.open();
  t.same(new Set((await Promise.all(probes)).map(({ status }) => status)), new Set([200]));
  t.equal(gate.arrivals, 1);
  t.equal((await call({ url: '/health/ready' })).status, 200);
  t.equal(gate.arrivals, 2, 'a later check makes a new query');
});
