import { computed, signal } from '@preact/signals';
import { droneOf, readFleet } from './fleet.js';
import { api, ask, limitFor, type RequestError, toRequestError } from './requests.js';
import { isStale } from './staleness.js';

/** Drones of one call: small enough for Stop to take effect soon. The API takes at most 500. */
const CHUNK = 100;
/** The API answers a call within half a minute; after this the connection counts as dead. */
const TIMEOUT_MS = 60_000;
/** Calls in a row that may fail as a whole before no more are sent. */
const MAX_FAILURES = 2;
/** HTTP statuses of a whole call that the next call would have as well. */
const HOPELESS: readonly number[] = [401, 403, 429];

export const SWITCHES = [
  { name: 'Stream on', verb: 'Turn the stream on', field: 'streamIsOn', isOn: true },
  { name: 'Stream off', verb: 'Turn the stream off', field: 'streamIsOn', isOn: false },
  { name: 'AI on', verb: 'Turn AI detection on', field: 'isUsingAiDetection', isOn: true },
  { name: 'AI off', verb: 'Turn AI detection off', field: 'isUsingAiDetection', isOn: false },
] as const;
export type Switch = (typeof SWITCHES)[number];

/** What happened to one device. */
export interface Outcome {
  /** In words that follow a number: `changed`. */
  readonly text: string;
  /** The same for more than one device, where it differs. */
  readonly many?: string;
  readonly kind: 'done' | 'failed' | 'final';
}

export interface BulkRun {
  readonly what: Switch;
  /** In the order in which they are sent. */
  readonly serialNumbers: readonly string[];
  /** By serial number. Devices without one were not sent. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly state: 'running' | 'stopping' | 'stopped' | 'finished';
  /** Why the rest was not sent, unless the user stopped it. */
  readonly error?: RequestError | undefined;
}

/** The run in progress, or the last one until its result is closed. It continues while other views are shown. */
export const bulkRun = signal<BulkRun>();
export const isBulkRunning = computed(() => ['running', 'stopping'].includes(bulkRun.value?.state ?? ''));

const CHANGED: Outcome = { text: 'changed', kind: 'done' };
const ALREADY: Outcome = { text: 'needed no change', kind: 'done' };
/** `final`: sending it again would have the same result. */
const BY_STATUS: Readonly<Record<number, Outcome>> = {
  0: { text: 'without an answer, so it is not known whether they changed', kind: 'failed' },
  401: { text: 'refused because the token was', kind: 'failed' },
  403: { text: 'not allowed by your token', kind: 'final' },
  404: { text: 'no longer exists', many: 'no longer exist', kind: 'final' },
  412: { text: 'changed by someone else', kind: 'failed' },
  429: { text: 'over the rate limit', kind: 'failed' },
};

const failure = (status: number, why: string): Outcome =>
  BY_STATUS[status] ?? { text: `failed: ${why}`, kind: 'failed' };

function update(changes: Partial<BulkRun>): void {
  if (bulkRun.value) bulkRun.value = { ...bulkRun.value, ...changes };
}

/**
 * One call. It names no revisions: the switch sets one member to a value that the user has chosen and leaves the others
 * alone, so it can't overwrite anybody's edit. With revisions, devices would fail for changes that have nothing to do with it.
 */
async function send(chunk: readonly string[], { field, isOn }: Switch): Promise<Map<string, Outcome>> {
  const before = new Map(chunk.map((serialNumber) => [serialNumber, droneOf(serialNumber)]));
  const answer = await ask(
    api.POST('/api/v1/drones/bulk', {
      body: { drones: chunk.map((serialNumber) => ({ serialNumber })), patch: { [field]: isOn } },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }),
  );
  return new Map(
    answer.data.results.map(({ serialNumber, status, revision, problem }) => {
      if (status === 429) limitFor(problem?.retryAfterSeconds);
      if (status !== 200) return [serialNumber, failure(status, problem?.detail ?? `HTTP ${status}`)];
      return [serialNumber, before.get(serialNumber)?.revision === revision ? ALREADY : CHANGED];
    }),
  );
}

/** Sends what is waiting, one chunk after the other. A request is never broken off: its outcomes would be unknown. */
async function work(what: Switch, waiting: readonly string[]): Promise<void> {
  let failures = 0;
  for (let from = 0; from < waiting.length; from += CHUNK) {
    if (bulkRun.value?.state === 'stopping') return update({ state: 'stopped' });
    const chunk = waiting.slice(from, from + CHUNK);
    let outcomes: ReadonlyMap<string, Outcome>;
    let error: RequestError | undefined;
    try {
      outcomes = await send(chunk, what);
      failures = 0;
    } catch (cause) {
      error = toRequestError(cause);
      const outcome = failure(error.status, error.message);
      outcomes = new Map(chunk.map((serialNumber) => [serialNumber, outcome]));
      failures += 1;
    }
    update({ outcomes: new Map([...(bulkRun.value?.outcomes ?? []), ...outcomes]) });
    const isOverLimit = [...outcomes.values()].includes(BY_STATUS[429] as Outcome);
    const isHopeless = error && (HOPELESS.includes(error.status) || failures === MAX_FAILURES);
    if (isOverLimit || isHopeless) return update({ state: 'finished', error });
  }
  update({ state: 'finished' });
}

async function run(what: Switch, waiting: readonly string[]): Promise<void> {
  await work(what, waiting);
  // Without events, nothing else would show what has changed.
  if (isStale.value) void readFleet();
}

/** Begins, unless a run is in progress. */
export function startBulk(what: Switch, serialNumbers: readonly string[]): void {
  if (isBulkRunning.value) return;
  bulkRun.value = { what, serialNumbers, outcomes: new Map(), state: 'running' };
  void run(what, serialNumbers);
}

/** The call that was sent is finished; nothing is sent after it. */
export const stopBulk = (): void => update({ state: 'stopping' });

export function closeBulk(): void {
  if (!isBulkRunning.value) bulkRun.value = undefined;
}

/** The devices of a run that have failed, and those that were not sent. */
export const failedOf = ({ serialNumbers, outcomes }: BulkRun): readonly string[] =>
  serialNumbers.filter((serialNumber) => outcomes.get(serialNumber)?.kind === 'failed');
export const notSentOf = ({ serialNumbers, outcomes }: BulkRun): readonly string[] =>
  serialNumbers.filter((serialNumber) => !outcomes.has(serialNumber));

/** Sends devices of the last run again; the others keep their outcomes. */
export function retryBulk(serialNumbers: readonly string[]): void {
  const last = bulkRun.value;
  if (!last || isBulkRunning.value) return;
  const outcomes = new Map(last.outcomes);
  for (const serialNumber of serialNumbers) outcomes.delete(serialNumber);
  bulkRun.value = { ...last, outcomes, state: 'running', error: undefined };
  void run(last.what, serialNumbers);
}

// What has not been sent would be lost with the page. The browser asks in its own words.
addEventListener('beforeunload', (event) => {
  if (isBulkRunning.value) event.preventDefault();
});
