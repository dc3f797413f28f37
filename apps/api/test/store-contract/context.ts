import type { Outbox } from '@dronecast/bus';
import type { Test } from 'tap';
import { until } from '../../../../test/support/queue.js';
import type { Drone } from '../../src/drone/drone.js';
import { toReceipt } from '../../src/publisher/receipt.js';
import type { DroneStore, Snapshot, StoredOutbox } from '../../src/store/drone-store.js';
import { sampleDrone, sampleEvent } from '../samples.js';

export interface OpenedStore {
  readonly store: DroneStore;
  /** Closes the store and opens it again on the same data. */
  reopen(): Promise<DroneStore>;
}

/** An empty store that can be written to; closed with the test. */
export type OpenStore = (t: Test) => Promise<OpenedStore>;

/** Declares a test on a store of its own. */
export type StoreTest = (
  title: string,
  run: (t: Test, store: DroneStore, opened: OpenedStore) => Promise<void>,
) => void;

/** A new drone, whose event is marked `created <name>`. */
export async function register(
  store: DroneStore,
  serialNumber: string,
  fields: Partial<Drone> = {},
): Promise<{ drone: Drone; outbox: StoredOutbox }> {
  const drone = sampleDrone(serialNumber, fields);
  const outbox = await store.register(drone, [
    sampleEvent(`created ${drone.deviceName}`, serialNumber, 'created'),
  ]);
  return { drone, outbox: there(outbox) };
}

export const snapshotOf = async (store: DroneStore, serialNumber: string): Promise<Snapshot> =>
  there(await store.find({ serialNumber }));

/** The next revision, named `deviceName`; its event is marked with it. */
export const renamed = (drone: Drone, deviceName: string): Drone => ({
  ...drone,
  deviceName,
  revision: drone.revision + 1,
});

/** Undefined when the snapshot is stale. */
export const commitName = (
  store: DroneStore,
  snapshot: Snapshot,
  deviceName: string,
): Promise<StoredOutbox | undefined> =>
  store.commit(snapshot, {
    drone: renamed(snapshot.drone, deviceName),
    events: [sampleEvent(deviceName, snapshot.drone.deviceSerialNumber)],
  });

export const rename = async (
  store: DroneStore,
  serialNumber: string,
  deviceName: string,
): Promise<StoredOutbox> => there(await commitName(store, await snapshotOf(store, serialNumber), deviceName));

/** Deletes the drone; its event is marked `deleted <name>`. */
export async function remove(store: DroneStore, serialNumber: string): Promise<StoredOutbox> {
  const snapshot = await snapshotOf(store, serialNumber);
  const event = sampleEvent(`deleted ${snapshot.drone.deviceName}`, serialNumber, 'deleted');
  return there(await store.remove(snapshot, [event]));
}

export function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing there');
  return value;
}

export const seqs = ({ entries }: Pick<Outbox, 'entries'>): number[] => entries.map(({ seq }) => seq);

export const marks = ({ entries }: StoredOutbox): string[] =>
  entries.flatMap(({ events }) => events.map(({ body }) => (JSON.parse(body) as { mark: string }).mark));

/** Tells the store that the bus has all entries of these outboxes. */
export const acknowledge = (store: DroneStore, ...outboxes: StoredOutbox[]): Promise<void> =>
  store.acknowledge(outboxes.map(toReceipt));

/** All that waits of one drone. */
export const waiting = async (store: DroneStore, { key }: { key: string }): Promise<StoredOutbox> =>
  there(await store.readOutbox(key));

/** All that waits, whatever its age. */
export const allPending = (store: DroneStore): Promise<StoredOutbox[]> =>
  pendingAt(store, new Date(Date.now() + 60_000), 10_000);

/** What has waited since then, as much as one page holds. */
export const pendingAt = async (store: DroneStore, before: Date, limit: number): Promise<StoredOutbox[]> =>
  (await store.pending({ before, limit })).items;

/** An instant after everything before this call and before everything after it. */
export async function instant(): Promise<Date> {
  const start = Date.now();
  await until(() => Date.now() > start);
  const now = Date.now();
  await until(() => Date.now() > now);
  return new Date(now);
}

/** Runs `work` while the clock of this process is ahead. */
export async function withClockAhead<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const RealDate = Date;
  class AheadDate extends RealDate {
    constructor(time: string | number | Date = RealDate.now() + ms) {
      super(time);
    }
    static override now = (): number => RealDate.now() + ms;
  }
  globalThis.Date = AheadDate as DateConstructor;
  try {
    return await work();
  } finally {
    globalThis.Date = RealDate;
  }
}

export const fromTo = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

export const oneTo = (count: number): number[] => fromTo(1, count);
