import type { Test } from 'tap';
import type { OpenStore, StoreTest } from './store-contract/context.js';
import { droneCases } from './store-contract/drone-cases.js';
import { idempotencyCases } from './store-contract/idempotency-cases.js';
import { incidentCases } from './store-contract/incident-cases.js';
import { listCases } from './store-contract/list-cases.js';
import { outboxCases } from './store-contract/outbox-cases.js';
import { raceCases } from './store-contract/race-cases.js';
import { rangeCases } from './store-contract/range-cases.js';

/** What every {@link DroneStore} does. */
export function droneStoreContract(t: Test, name: string, open: OpenStore): void {
  const test: StoreTest = (title, run) => {
    t.test(`${name}: ${title}`, async (t) => {
      const opened = await open(t);
      await run(t, opened.store, opened);
    });
  };
  const all = [droneCases, outboxCases, rangeCases, raceCases, listCases, incidentCases, idempotencyCases];
  for (const cases of all) cases(test);
}
