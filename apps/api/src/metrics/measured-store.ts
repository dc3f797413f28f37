import { Counter, Gauge, type Registry } from '@dronecast/runtime';
import type { DroneStore } from '../store/drone-store.js';

/** Concurrent calls share one query, because anybody may call the health checks and metrics as often as they like. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

/** The store, what waits in it for the bus, and how often a commit came too late. */
export function measureStore(store: DroneStore, registry: Registry): DroneStore {
  const registers = [registry];
  const backlog = shared(store.backlog);
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
      const waiting = await backlog().catch(() => undefined);
      this.set(waiting?.drones ?? Number.NaN);
      age.set(waiting?.oldestAt ? Math.max(0, Date.now() - waiting.oldestAt.getTime()) / 1000 : 0);
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
    backlog,
    commit: async (snapshot, commit) => countLost(await store.commit(snapshot, commit)),
    remove: async (snapshot, events) => countLost(await store.remove(snapshot, events)),
  };
}
