import { Counter, Gauge, type Registry } from '@dronecast/runtime';
import type { DroneStore } from '../store/drone-store.js';

/** The store, what waits in it for the bus, and how often a commit came too late. */
export function measureStore(store: DroneStore, registry: Registry): DroneStore {
  const registers = [registry];
  const age = new Gauge({
    name: 'dronecast_outbox_oldest_age_seconds',
    help: 'How long the oldest commit has waited for the bus; 0 when none does',
    registers,
  });
  new Gauge({
    name: 'dronecast_outbox_drones',
    help: 'Drones with events that the bus does not have; NaN while the database is away',
    registers,
    async collect() {
      const backlog = await store.backlog().catch(() => undefined);
      this.set(backlog?.drones ?? Number.NaN);
      age.set(backlog?.oldestAt ? Math.max(0, Date.now() - backlog.oldestAt.getTime()) / 1000 : 0);
    },
  });
  const retries = new Counter({
    name: 'dronecast_commit_retries_total',
    help: 'Commits that met another one of the same drone, and were tried anew',
    registers,
  });
  const countLost = <T>(outbox: T | undefined): T | undefined => {
    if (outbox === undefined) retries.inc();
    return outbox;
  };

  return {
    ...store,
    commit: async (snapshot, commit) => countLost(await store.commit(snapshot, commit)),
    remove: async (snapshot, events) => countLost(await store.remove(snapshot, events)),
  };
}
