import {
  connect,
  createApi,
  type DroneStore,
  loadConfig,
  type PublishedRange,
  type StoredOutbox,
  toApiOptions,
} from '@dronecast/api';
import type { EventBus } from '@dronecast/bus';
import { main } from '@dronecast/runtime';
import { toFact } from './fact.js';
import { writeJournal } from './journal.js';
import { skewClock } from './skewed-clock.js';

// The API as it is, with a store that keeps a journal of what was committed, and that can kill the process between
// commit and publish: SIGUSR2 arms that for the next commit.

const journal = process.env.CHAOS_JOURNAL ?? '';
const hasOutbox = process.env.CHAOS_MUTATION !== 'no-outbox';
const hasOrderCheck = process.env.CHAOS_MUTATION !== 'no-order-check';
const skewMs = Number(process.env.CHAOS_CLOCK_SKEW_MS ?? 0);
if (skewMs > 0) skewClock(skewMs);

let isArmed = false;
process.on('SIGUSR2', () => {
  isArmed = true;
});

function note({ entries }: StoredOutbox): void {
  const entry = entries.at(-1);
  if (!entry) return;
  const facts = entry.events.map(({ body }) => toFact(JSON.parse(body)));
  writeJournal(journal, { at: entry.at.getTime() - skewMs, facts });
}

function toRange({ key, entries }: StoredOutbox): PublishedRange {
  const [first, last] = [entries[0], entries.at(-1)];
  return {
    key,
    first: first?.seq ?? 0,
    last: last?.seq ?? -1,
    name: last?.name,
    isFinal: last?.final === true,
  };
}

function watch(store: DroneStore): DroneStore {
  async function afterCommit<T extends StoredOutbox | undefined>(committed: Promise<T>): Promise<T> {
    const outbox = await committed;
    if (!outbox) return outbox;
    if (!hasOutbox) await store.acknowledge([toRange(outbox)]);
    note(outbox);
    if (isArmed) process.kill(process.pid, 'SIGKILL');
    return outbox;
  }
  return {
    ...store,
    register: (...args) => afterCommit(store.register(...args)),
    commit: (...args) => afterCommit(store.commit(...args)),
    remove: (...args) => afterCommit(store.remove(...args)),
  };
}

function withoutOrderCheck(bus: EventBus): EventBus {
  return {
    ...bus,
    publish: (outboxes) => bus.publish(outboxes.map(({ isTail, ...whole }) => whole)),
  };
}

await main(async () => {
  const config = loadConfig(process.env);
  const { store, bus, ...others } = connect(config);
  const app = createApi(
    { ...others, store: watch(store), bus: hasOrderCheck ? bus : withoutOrderCheck(bus) },
    toApiOptions(config),
  );
  await app.listen({ host: config.HOST, port: config.PORT });
  return app;
});
