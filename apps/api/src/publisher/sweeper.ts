import { randomUUID } from 'node:crypto';
import type { EventBus } from '@dronecast/bus';
import type { Logger } from 'pino';
import type { DroneStore } from '../store/drone-store.js';
import type { Publisher } from './publisher.js';
import { createSetAside } from './set-aside.js';

const INTERVAL_MS = 1000;
/** Younger outboxes are in the hands of the process that wrote them. */
const MIN_AGE_MS = 1000;
const PAGE = 100;
/** After a stop without goodbye, another process takes over so late. */
const LEASE_MS = 5000;

export interface SweeperDependencies {
  readonly store: Pick<DroneStore, 'pending'>;
  readonly bus: Pick<EventBus, 'isReady' | 'trim' | 'lease'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly log: Pick<Logger, 'error' | 'warn' | 'info'>;
}

/**
 * Publishes what a stopped process or an outage of the bus has left behind, wherever it was written. One process at a
 * time does so for all. Each process keeps the bus's history within its limits.
 */
export function createSweeper({ store, bus, publisher, log }: SweeperDependencies) {
  const holder = randomUUID();
  const setAside = createSetAside(log);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;
  let isFailing = false;

  async function sweep(): Promise<void> {
    // First, because a full bus gives no lease, and trimming is what makes room on it.
    if (bus.isReady()) await bus.trim();
    const start = Date.now();
    // Each outbox once a sweep, or those that stay would come again at once, and keep the sweep from the others.
    const tried = new Set<string>();
    const skip = (key: string): boolean => tried.has(key) || setAside.has(key);
    for (let isMore = true; isMore; ) {
      if (isClosed || !bus.isReady()) return;
      // Another process sweeps, and sets aside what fails.
      if (!(await bus.lease('sweeper', holder, LEASE_MS))) return setAside.clear();
      const before = new Date(Date.now() - MIN_AGE_MS);
      const page = await store.pending({ before, limit: PAGE, skip });
      for (const { key } of page.items) tried.add(key);
      for (const failure of await publisher.publish(page.items)) setAside.add(failure);
      isMore = page.isMore;
    }
    setAside.removeDue(start);
  }

  async function run(): Promise<void> {
    try {
      await sweep();
      if (isFailing) log.info('sweep works again');
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.warn({ err: error }, 'sweep failed; it will be tried again');
      isFailing = true;
    }
    if (!isClosed) schedule();
  }

  /** Jitter keeps the sweeps of many processes apart. */
  function schedule(): void {
    timer = setTimeout(
      () => {
        running = run();
      },
      INTERVAL_MS * (0.5 + Math.random()),
    );
  }

  return {
    /** Number of outboxes that cannot be published. */
    setAside: setAside.size,

    start(): void {
      running = run();
    },
    async close(): Promise<void> {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
