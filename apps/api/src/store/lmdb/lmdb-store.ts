import { owns } from '@dronecast/auth';
import type { EventMessage, Incident } from '@dronecast/events';
import { open } from 'lmdb';
import type { Drone } from '../../drone/drone.js';
import {
  type Commit,
  type DroneQuery,
  type DroneStore,
  type IncidentQuery,
  NEW_OUTBOX,
  nextEntry,
  type OutboxPosition,
  type StoredEntry,
  type StoredOutbox,
} from '../drone-store.js';

/** A serial number's record; without a drone it stays until the outbox is empty, so that `seq` goes on. */
interface DroneRecord {
  readonly drone?: Drone;
  readonly key: string;
  readonly seq: number;
  readonly bytes: number;
}

interface EntryRecord {
  readonly entry: StoredEntry;
  readonly bytesBefore: number;
}

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
  const incidentOrder = root.openDB<true, [string, string, string]>({ name: 'incidentOrder' });

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
    entries: entriesOf(key).map(({ entry }) => entry),
  });

  const oldestOf = (key: string): EntryRecord | undefined =>
    [...outboxes.getRange({ start: [key, 0], end: [key, Number.MAX_SAFE_INTEGER], limit: 1 })][0]?.value;

  function position({ key, seq, bytes }: DroneRecord): OutboxPosition {
    const oldest = oldestOf(key);
    const at = { key, seq, bytes };
    return oldest ? { ...at, oldest: { seq: oldest.entry.seq, bytes: oldest.bytesBefore } } : at;
  }

  /** Outboxes that are not empty, with their age; the oldest first. */
  const byAge = (): { key: string; at: Date }[] =>
    [...waiting.getKeys()]
      .map((key) => ({ key, at: oldestOf(key)?.entry.at ?? new Date(0) }))
      .sort((a, b) => a.at.getTime() - b.at.getTime());

  /** Within a transaction. Throws before it changes anything when the outbox is full. */
  function append(
    serialNumber: string,
    before: OutboxPosition,
    drone: Drone | undefined,
    commit: Commit,
  ): StoredOutbox {
    const next = nextEntry(before, commit, drone === undefined);
    const { key } = before;
    const record = { key, seq: next.entry.seq, bytes: next.bytesAfter };
    drones.put(serialNumber, drone ? { ...record, drone } : record);
    outboxes.put([key, next.entry.seq], { entry: next.entry, bytesBefore: next.bytesBefore });
    waiting.put(key, serialNumber);
    return toOutbox(key);
  }

  function acknowledge({ key, entries }: StoredOutbox): void {
    const serialNumber = waiting.get(key);
    const seq = entries.at(-1)?.seq;
    if (serialNumber === undefined || seq === undefined) return;
    for (const stored of [...outboxes.getKeys({ start: [key, 0], end: [key, seq + 1] })])
      outboxes.remove(stored);
    const record = drones.get(serialNumber);
    if (!record || record.seq > seq) return;
    waiting.remove(key);
    if (!record.drone) drones.remove(serialNumber);
  }

  function saveIncident(incident: Incident): void {
    const { id, serialNumber, capturedAt } = incident;
    if (incidents.doesExist(id)) return;
    incidents.put(id, incident);
    for (const scope of [FLEET, serialNumber]) incidentOrder.put([scope, capturedAt, id], true);
  }

  return {
    name: 'lmdb',

    register: (drone, events) =>
      transact(() => {
        const serialNumber = drone.deviceSerialNumber;
        const holder = drones.get(serialNumber);
        if (holder?.drone) return undefined;
        const before = holder ? position(holder) : { key: drone.id, ...NEW_OUTBOX };
        const outbox = append(serialNumber, before, drone, { events });
        ids.put(drone.id, serialNumber);
        return outbox;
      }),

    async find(key) {
      const serialNumber = 'id' in key ? ids.get(key.id) : key.serialNumber;
      const record = serialNumber === undefined ? undefined : drones.get(serialNumber);
      if (!record?.drone || ('id' in key && record.drone.id !== key.id)) return undefined;
      return { drone: record.drone, outbox: position(record) };
    },

    async list(query) {
      const found: Drone[] = [];
      for (const { key, value } of drones.getRange({ start: query.after ?? '' })) {
        if (key === query.after || !value.drone || !matchesDrone(value.drone, query)) continue;
        found.push(value.drone);
        if (found.length === query.limit) break;
      }
      return found;
    },

    commit: (snapshot, commit) =>
      transact(() => {
        const serialNumber = snapshot.drone.deviceSerialNumber;
        const record = drones.get(serialNumber);
        if (!record?.drone || record.key !== snapshot.outbox.key || record.seq !== snapshot.outbox.seq)
          return undefined;
        return append(serialNumber, position(record), commit.drone ?? record.drone, commit);
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
      const waitingEntry = entriesOf(outbox.key).find(({ entry }) => entry.incident?.id === id);
      return waitingEntry?.entry.incident ?? incidents.get(id);
    },

    async listIncidents(query) {
      const { serialNumber: scope = FLEET, from = '', to = LAST, after } = query;
      const newest =
        after && after.capturedAt <= to ? [scope, after.capturedAt, after.id] : [scope, to, LAST];
      const found: Incident[] = [];
      for (const [, , id] of incidentOrder.getKeys({
        start: newest as [string, string, string],
        end: [scope, from, ''],
        reverse: true,
      })) {
        const incident = id === after?.id ? undefined : incidents.get(id);
        if (!incident || !matchesIncident(incident, query)) continue;
        found.push(incident);
        if (found.length === query.limit) break;
      }
      return found;
    },

    async pending(before, limit) {
      const old = byAge().filter(({ at }) => at <= before);
      return old.slice(0, limit).map(({ key }) => toOutbox(key));
    },

    /** Need not reach the disk at once: what is published again after a crash is harmless. */
    async acknowledge(acknowledged) {
      await root.transaction(() => acknowledged.forEach(acknowledge));
    },

    async backlog() {
      const outboxes = byAge();
      return { drones: outboxes.length, ...(outboxes[0] && { oldestAt: outboxes[0].at }) };
    },

    async close() {
      await root.close();
    },
  };
}

const startsWith = (text: string, prefix: string): boolean =>
  text.toLowerCase().startsWith(prefix.toLowerCase());

function matchesDrone(
  drone: Drone,
  { category, streamIsOn, isUsingAiDetection, prefix, owned }: DroneQuery,
): boolean {
  if (owned && !owns({ drones: owned }, drone.deviceSerialNumber)) return false;
  if (category !== undefined && drone.deviceCategory !== category) return false;
  if (streamIsOn !== undefined && drone.streamIsOn !== streamIsOn) return false;
  if (isUsingAiDetection !== undefined && drone.isUsingAiDetection !== isUsingAiDetection) return false;
  if (prefix === undefined) return true;
  return [drone.deviceSerialNumber, drone.deviceName, drone.metadata.alias].some((text) =>
    startsWith(text, prefix),
  );
}

const matchesIncident = ({ classId, serialNumber }: Incident, query: IncidentQuery): boolean =>
  (query.classId === undefined || query.classId === classId) &&
  (query.owned === undefined || owns({ drones: query.owned }, serialNumber));
