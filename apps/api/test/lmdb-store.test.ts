import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { openLmdbStore } from './open-lmdb.js';
import { sampleDrone, sampleIncident } from './samples.js';
import { oneTo } from './store-contract/context.js';
import { droneStoreContract } from './store-contract.js';

droneStoreContract(t, 'lmdb', openLmdbStore);

t.test('a list that scans many drones or incidents yields to the event loop', async (t) => {
  const { store } = await openLmdbStore(t);
  const metadata = { alias: '', description: '東'.repeat(2000) };
  await Promise.all(oneTo(5000).map((i) => store.register(sampleDrone(`DRN-${i}`, { metadata }), [])));
  await store.saveIncidents(oneTo(5000).map(() => sampleIncident('DRN-1', { label: metadata.description })));
  for (const list of [
    () => store.list({ limit: 10, prefix: 'nobody' }),
    () => store.listIncidents({ limit: 10, classId: 7 }),
  ]) {
    let [turns, isDone] = [0, false];
    const listing = list().finally(() => {
      isDone = true;
    });
    for (; !isDone; turns += 1) await turn();
    t.same(await listing, { items: [], isMore: false });
    t.ok(turns > 3, `${turns} turns`);
  }
});
