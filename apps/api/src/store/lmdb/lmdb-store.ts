import { type EventMessage, type Incident, isSerialNumber, MAX_NAME_LENGTH } from '@dronecast/events';
import { open } from 'lmdb';
import type { Drone } from '../../drone/drone.js';
import { jsonBytes } from '../../drone/event-size.js';
import type {
  Commit,
  DroneStore,
  OutboxPosition,
  PublishedRange,
  RegistrationRequest,
  StoredEntry,
  StoredOutbox,
} from '../drone-store.js';
import { matchesDrone, matchesIncident } from '../matching.js';
import { NEW_OUTBOX, nextEntry, textLength } from '../outbox-entry.js';
import { createPage, OUTBOX_PAGE_BYTES, PAGE_BYTES } from '../page.js';
import { scan } from './scan.js';

/** A serial number's record; without a drone it stays until the outbox is empty, so that `seq` goes on. */
interface DroneRecord {
  readonly drone?: Drone;
  readonly registration?: RegistrationRequest;
  readonly key: string;
  readonly seq: number;
  readonly bytes: number;
}

interface EntryRecord {
  readonly entry: StoredEntry;
  readonly bytesBefore: number;
}

/** LMDB takes no key beyond 1978 bytes. A cursor of another installation may be longer than any serial number. */
const MAX_CURSOR_LENGTH = 2 * MAX_NAME_LENGTH;

type IncidentKey = [scope: string, capturedAt: string, id: string];

/** In the place of a serial number, which it cannot be. */
const FLEET = '*';
/** Sorts after every other part of a key. */
const LAST = '\uffff';

/**
 * Drones in an embedded LMDB file, for a single process. A commit is one transaction over the drone and its outbox and
 * is answered after it is on disk.
 */
export function createLmdbStore({ path }: { path: string }): DroneStore {
  const root = open({ path, noSubdir: false, maxDbs: 8 });
  const drones = root.openDB<DroneRecord, string>({ name: 'drones' });
  /** Id to serial number. */
  const ids = root.openDB<string, string>({ name: 'ids' });
  /** By outbox key and seq. */
  const outboxes = root.openDB<EntryRecord, [string, number]>({ name: 'outboxes' });
  /** Outbox key to serial number, for the outboxes that are not empty. */
  const waiting = root.openDB<string, string>({ name: 'waiting' });
  const incidents = root.openDB<Incident, string>({ name: 'incidents' });
  /** By serial number ({@link FLEET} for all), time of capture and id. */
  const incidentOrder = root.openDB<true, IncidentKey>({ name: 'incidentOrder' });

  /** Runs in one transaction; what it changed is on disk when the promise resolves. */
  async function transact<T>(work: () => T): Promise<T> {
    const result = await root.transaction(work);
    await root.flushed;
    return result;
  }

  const entriesOf = (key: string): EntryRecord[] =>
    [...outboxes.getRange({ start: [key, 0], end: [key, Number.MAX_SAFE_INTEGER] })].map(
      ({ value }) => value,
    );

  const toOutbox = (key: string): StoredOutbox => ({
    key,
    serialNumber: waiting.get(key) ?? '',
    entries: entriesOf(key).map(({ entry }) => entry),
  });

  const oldestOf = (key: string): EntryRecord | undefined =>
    [...outboxes.getRange({ start: [key, 0], end: [key, Number.MAX_SAFE_INTEGER], limit: 1 })][0]?.value;

  function position({ key, seq, bytes }: DroneRecord): OutboxPosition {
    const oldest = oldestOf(key);
    const at = { key, seq, bytes };
    return oldest ? { ...at, oldest: { seq: oldest.entry.seq, bytes: oldest.bytesBefore } } : at;
  }

  /**
   * When the oldest entry of each non-empty outbox was committed, in ms since 1970. Kept in memory, because otherwise every
   * call would have to read all outboxes from disk.
   */
  const ages = new Map<string, number>();
  const noteAge = (key: string): void => {
    const oldest = oldestOf(key);
    if (oldest) ages.set(key, oldest.entry.at.getTime());
    else ages.delete(key);
  };

  /** The ages, brought up to date with what an earlier process has left on disk. */
  function waitingSince(): ReadonlyMap<string, number> {
    const { entryCount } = waiting.getStats() as { entryCount: number };
    if (entryCount === ages.size) return ages;
    const keys = new Set(waiting.getKeys());
    for (const key of ages.keys()) if (!keys.has(key)) ages.delete(key);
    for (const key of keys) if (!ages.has(key)) noteAge(key);
    return ages;
  }

  /** Within a transaction. Throws before it changes anything when the outbox is full. */
  function append(
    serialNumber: string,
    before: OutboxPosition,
    drone: Drone | undefined,
    commit: Commit,
    registration?: RegistrationRequest,
  ): StoredOutbox {
    const next = nextEntry(before, commit, drone === undefined);
    const { key } = before;
    const record = { key, seq: next.entry.seq, bytes: next.bytesAfter };
    drones.put(serialNumber, { ...record, ...(drone && { drone }), ...(registration && { registration }) });
    outboxes.put([key, next.entry.seq], { entry: next.entry, bytesBefore: next.bytesBefore });
    waiting.put(key, serialNumber);
    if (!ages.has(key)) ages.set(key, next.entry.at.getTime());
    return { key, serialNumber, entries: [next.entry], isTail: true };
  }

  function acknowledge({ key, first, last, name }: PublishedRange): void {
    const serialNumber = waiting.get(key);
    if (serialNumber === undefined) return;
    const newest = last >= first ? outboxes.get([key, last])?.entry : undefined;
    if (newest && newest.name === name)
      for (const stored of [...outboxes.getKeys({ start: [key, first], end: [key, last + 1] })])
        outboxes.remove(stored);
    noteAge(key);
    if (ages.has(key)) return;
    waiting.remove(key);
    const record = drones.get(serialNumber);
    if (record && !record.drone) drones.remove(serialNumber);
  }

  function saveIncident(incident: Incident): void {
    const { id, serialNumber, capturedAt } = incident;
    if (incidents.doesExist(id)) return;
    incidents.put(id, incident);
    for (const scope of [FLEET, serialNumber]) incidentOrder.put([scope, capturedAt, id], true);
  }

  return {
    name: 'lmdb',

    register: (drone, events, _signal, registration) =>
      transact(() => {
        const serialNumber = drone.deviceSerialNumber;
        const holder = drones.get(serialNumber);
        if (holder?.drone) return undefined;
        const before = holder ? position(holder) : { key: drone.id, ...NEW_OUTBOX };
        const outbox = append(serialNumber, before, drone, { events }, registration);
        ids.put(drone.id, serialNumber);
        return outbox;
      }),

    async find(key) {
      const serialNumber = 'id' in key ? ids.get(key.id) : key.serialNumber;
      const record = serialNumber && isSerialNumber(serialNumber) ? drones.get(serialNumber) : undefined;
      if (!record?.drone || ('id' in key && record.drone.id !== key.id)) return undefined;
      const { drone, registration } = record;
      return { drone, outbox: position(record), ...(registration && { registration }) };
    },

    async list(query, signal) {
      const page = createPage<Drone>({ limit: query.limit, maxBytes: PAGE_BYTES, bytesOf: jsonBytes });
      await scan<{ key: string; value: DroneRecord }, string>({
        read: (after = query.after?.slice(0, MAX_CURSOR_LENGTH)) =>
          drones.getRange(after === undefined ? {} : { start: after, exclusiveStart: true }),
        keyOf: ({ key }) => key,
        visit: ({ value: { drone } }) => !drone || !matchesDrone(drone, query) || page.add(drone),
        signal,
      });
      return page.result();
    },

    commit: (snapshot, commit) =>
      transact(() => {
        const serialNumber = snapshot.drone.deviceSerialNumber;
        const record = drones.get(serialNumber);
        if (!record?.drone || record.key !== snapshot.outbox.key || record.seq !== snapshot.outbox.seq)
          return undefined;
        const { drone = record.drone } = commit;
        return append(serialNumber, position(record), drone, commit, record.registration);
      }),

    remove: (snapshot, events: readonly EventMessage[]) =>
      transact(() => {
        const { deviceSerialNumber, id } = snapshot.drone;
        const record = drones.get(deviceSerialNumber);
        if (!record?.drone || record.key !== snapshot.outbox.key || record.seq !== snapshot.outbox.seq)
          return undefined;
        const outbox = append(deviceSerialNumber, position(record), undefined, { events });
        ids.remove(id);
        return outbox;
      }),

    saveIncidents: (saved) => transact(() => saved.forEach(saveIncident)),

    async findIncident({ outbox }, id) {
      const saved = incidents.get(id);
      if (saved) return saved;
      return entriesOf(outbox.key).find(({ entry }) => entry.incident?.id === id)?.entry.incident;
    },

    async listIncidents(query, signal) {
      const { serialNumber: scope = FLEET, from = '', to = LAST, after: last } = query;
      const newest: IncidentKey =
        last && last.capturedAt <= to ? [scope, last.capturedAt, last.id] : [scope, to, LAST];
      const page = createPage<Incident>({ limit: query.limit, maxBytes: PAGE_BYTES, bytesOf: jsonBytes });
      if (query.serialNumber !== undefined && !isSerialNumber(query.serialNumber)) return page.result();
      await scan<IncidentKey, IncidentKey>({
        read: (after = newest) =>
          incidentOrder.getKeys({
            start: after,
            end: [scope, from, ''],
            reverse: true,
            exclusiveStart: true,
          }),
        keyOf: (key) => key,
        visit: ([, , id]) => {
          const incident = incidents.get(id);
          return !incident || !matchesIncident(incident, query) || page.add(incident);
        },
        signal,
      });
      return page.result();
    },

    async pending({ before, limit, skip = () => false }) {
      const now = Date.now();
      const isDue = (since: number): boolean => since <= before.getTime() || since > now;
      const due = [...waitingSince()].filter(([key, since]) => isDue(since) && !skip(key));
      const page = createPage<StoredOutbox>({ limit, maxBytes: OUTBOX_PAGE_BYTES, bytesOf: textLength });
      for (const [key] of due.sort(([, a], [, b]) => a - b)) if (!page.add(toOutbox(key))) break;
      return page.result();
    },

    async readOutbox(key) {
      const serialNumber = waiting.get(key);
      const record = serialNumber === undefined ? undefined : drones.get(serialNumber);
      return record && { ...toOutbox(key), head: record.seq };
    },

    /** Need not reach the disk at once: what is published again after a crash is harmless. */
    async acknowledge(acknowledged) {
      await root.transaction(() => acknowledged.forEach(acknowledge));
    },

    async backlog() {
      const since = waitingSince();
      let oldest = Number.POSITIVE_INFINITY;
      for (const at of since.values()) oldest = Math.min(oldest, at);
      return { drones: since.size, ...(since.size > 0 && { oldestAt: new Date(oldest) }) };
    },

    async close() {
      await root.close();
    },
  };
}
