import type { DronecastEvent, Incident } from '@dronecast/client';
import { computed, signal } from '@preact/signals';
import { coalesced } from './coalesced.js';
import { api, ask, type RequestError, toRequestError } from './requests.js';

const FIRST = 500;
const MOST = 5000;

const known = new Set<string>();
let shownList: Incident[] = [];
let waitingList: Incident[] = [];
const version = signal(0);
const changed = coalesced(() => {
  version.value += 1;
});

/** Undefined while they are read. */
export const incidentsState = signal<'reading' | 'right' | RequestError>('reading');

const isLater = (a: Incident, b: Incident): number => (a.capturedAt < b.capturedAt ? 1 : -1);

/** Newest first. */
export const incidents = computed((): readonly Incident[] => {
  version.value;
  return shownList;
});

/** Came since, and wait to be asked for, so that the list does not jump. */
export const newIncidents = computed((): readonly Incident[] => {
  version.value;
  return waitingList;
});

/** All that are known, newest first: for the map, which has no lines that jump. */
export const allIncidents = computed((): readonly Incident[] => [...newIncidents.value, ...incidents.value]);

export function showNew(): void {
  shownList = [...waitingList, ...shownList].sort(isLater).slice(0, MOST);
  waitingList = [];
  version.value += 1;
}

export function hearOfIncident(event: DronecastEvent): void {
  if (event.event !== 'drone.incident.detected') return;
  const { incident } = event.data;
  if (known.has(incident.id)) return;
  known.add(incident.id);
  if (shownList.length === 0) shownList = [incident];
  else waitingList = [incident, ...waitingList].slice(0, MOST);
  changed();
}

export async function readIncidents(): Promise<void> {
  try {
    const answer = await ask(api.GET('/api/v1/incidents', { params: { query: { limit: FIRST } } }));
    // As an event's type says, coordinates are pairs; that of the list has no word for it.
    const fresh = (answer.data.incidents as Incident[]).filter(({ id }) => !known.has(id));
    for (const { id } of fresh) known.add(id);
    shownList = [...shownList, ...fresh].sort(isLater).slice(0, MOST);
    incidentsState.value = 'right';
  } catch (error) {
    incidentsState.value = toRequestError(error);
  }
  version.value += 1;
}
