import type { DronecastEvent, Incident } from '@dronecast/client';
import { computed, signal } from '@preact/signals';
import { coalesced } from './coalesced.js';
import { placeIncident } from './places.js';
import { createReader, type ReadState } from './reader.js';
import { api, ask, type RequestError, toRequestError } from './requests.js';

const FIRST = 500;
const OLDER = 1000;
/** So many are kept at once. Paging to older ones then lets go of the newest. */
const MOST = 20_000;
const MOST_WAITING = 2000;

/** Newest first: a stretch of the history, which begins with the newest unless paging has moved it. */
let list: Incident[] = [];
/** Newest last. */
let waiting: Incident[] = [];
/** Ids of both. */
let ids = new Set<string>();
/** Heard since the newest were last read, whether they are kept or not. */
let waitingTotal = 0;
/** So many newer ones than those of the list have been let go. */
let released = 0;
/** Where the next older page starts. Undefined when there are no older incidents. */
let cursor: string | undefined;
/** Known once the first incident ever has been read. */
let total: number | undefined;
/** Counts the readings of the list, so that a page of an earlier reading is not added to it. */
let round = 0;

const version = signal(0);
const changed = coalesced(() => {
  version.value += 1;
});
const versioned = <T>(read: () => T) =>
  computed((): T => {
    version.value;
    return read();
  });

/** `reading`: the newest have not been read yet, or may have been missed. */
export const incidentsState = signal<ReadState>('reading');
/** Of the page that `readOlder` asks for. */
export const olderState = signal<'idle' | 'reading' | RequestError>('idle');

/** Newest first. */
export const incidents = versioned((): readonly Incident[] => list);
/** Arrived since, newest first. They wait to be asked for, so that the list does not jump. */
export const newIncidents = versioned((): readonly Incident[] => waiting.toReversed());
export const newCount = versioned(() => waitingTotal);
/** All that are known, newest first: for the map, which has no lines that jump. */
export const allIncidents = computed((): readonly Incident[] => [...newIncidents.value, ...incidents.value]);
export const hasOlder = versioned(() => cursor !== undefined);
/** How many newer ones than those of the list have been let go, because it has been paged far. */
export const releasedCount = versioned(() => released);
/** How many there are; undefined while nobody has counted: the API does not, since that would take it long. */
export const incidentCount = versioned(() => total);
/** How many have been read or heard of. */
export const readCount = versioned(() => released + list.length + waitingTotal);

const isLater = (a: Incident, b: Incident): number => (a.capturedAt < b.capturedAt ? 1 : -1);

async function readPage(limit: number, after?: string) {
  const query = { limit, ...(after !== undefined && { cursor: after }) };
  const { data, nextCursor } = await ask(api.GET('/api/v1/incidents', { params: { query } }));
  // As an event's type says, coordinates are pairs; that of the list has no word for it.
  return { items: data.incidents as Incident[], nextCursor };
}

/** Counts when the last page has been read. */
function foundEnd(): void {
  if (cursor === undefined) total = released + list.length + waitingTotal;
}

export function showNew(): void {
  if (waiting.length === 0 && released === 0) return;
  if (released > 0 || waitingTotal > waiting.length || list.length + waiting.length > MOST) {
    void reread();
    return;
  }
  list = [...waiting, ...list].sort(isLater);
  waiting = [];
  waitingTotal = 0;
  version.value += 1;
}

export function hearOfIncident(event: DronecastEvent): void {
  if (event.event !== 'drone.incident.detected') return;
  const { incident } = event.data;
  if (ids.has(incident.id)) return;
  ids.add(incident.id);
  placeIncident(incident);
  if (total !== undefined) total += 1;
  if (list.length === 0 && incidentsState.value === 'right') list = [incident];
  else {
    waiting.push(incident);
    waitingTotal += 1;
    // Not one by one: each time costs the whole list.
    if (waiting.length > 2 * MOST_WAITING) {
      for (const { id } of waiting.splice(0, MOST_WAITING)) ids.delete(id);
    }
  }
  changed();
}

/** Replaces the list by the newest, and those heard of since it was asked for. */
const reread = createReader(incidentsState, async () => {
  round += 1;
  const before = waitingTotal;
  const { items, nextCursor } = await readPage(FIRST);
  return () => {
    const read = new Set(items.map(({ id }) => id));
    const heardSince = waitingTotal > before ? waiting.slice(before - waitingTotal) : [];
    for (const incident of items) if (!ids.has(incident.id)) placeIncident(incident);
    list = [...heardSince.filter(({ id }) => !read.has(id)), ...items].sort(isLater);
    waiting = [];
    waitingTotal = 0;
    released = 0;
    ids = new Set(list.map(({ id }) => id));
    cursor = nextCursor;
    foundEnd();
    version.value += 1;
  };
});

/** Reads the newest by REST, at first and after a gap: some may have been missed, so none are counted any more. */
export function readIncidents(): Promise<void> {
  total = undefined;
  return reread();
}

/** Adds the page behind the oldest of the list. */
export async function readOlder(): Promise<void> {
  if (cursor === undefined || olderState.value === 'reading') return;
  olderState.value = 'reading';
  const mine = round;
  try {
    const { items, nextCursor } = await readPage(OLDER, cursor);
    olderState.value = 'idle';
    if (mine !== round) return;
    const fresh = items.filter(({ id }) => !ids.has(id));
    for (const incident of fresh) {
      ids.add(incident.id);
      placeIncident(incident);
    }
    list = [...list, ...fresh].sort(isLater);
    const gone = list.splice(0, Math.max(0, list.length - MOST));
    for (const { id } of gone) ids.delete(id);
    released += gone.length;
    cursor = nextCursor;
    foundEnd();
  } catch (error) {
    olderState.value = toRequestError(error);
  }
  version.value += 1;
}
