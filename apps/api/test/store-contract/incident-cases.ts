import type { Incident } from '@dronecast/events';
import type { Test } from 'tap';
import type { DroneStore, IncidentQuery } from '../../src/store/drone-store.js';
import { newId, sampleEvent, sampleIncident } from '../samples.js';
import {
  acknowledge,
  marks,
  oneTo,
  register,
  remove,
  type StoreTest,
  snapshotOf,
  there,
  waiting,
} from './context.js';

const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString();

/** Ids that sort as their numbers. */
const id = (number: number): string => number.toString(16).padStart(24, '0');

const list = async (store: DroneStore, query: Partial<IncidentQuery> = {}): Promise<Incident[]> =>
  (await store.listIncidents({ limit: 1000, ...query })).items;

/** Saves some of two drones, several in one second. */
async function saveSome(store: DroneStore): Promise<Incident[]> {
  const incidents = oneTo(30).map((i) =>
    sampleIncident(i % 3 ? 'DRN-1' : 'DRN-2', {
      id: id((i * 7) % 31),
      capturedAt: at(Math.floor(i / 4)),
      ...(i % 2 && { classId: i % 5 }),
    }),
  );
  await store.saveIncidents(incidents);
  return incidents;
}

const newestFirst = (a: Incident, b: Incident): number =>
  a.capturedAt === b.capturedAt ? (a.id < b.id ? 1 : -1) : a.capturedAt < b.capturedAt ? 1 : -1;

const matches = (name: string, serialNumber: string): boolean =>
  name.endsWith('*') ? serialNumber.startsWith(name.slice(0, -1)) : serialNumber === name;

/** What a query has to find, said plainly. */
const expected = (
  all: Incident[],
  { owned, serialNumber, classId, from, to }: Partial<IncidentQuery>,
): Incident[] =>
  all
    .filter((incident) => !owned || [...owned].some((name) => matches(name, incident.serialNumber)))
    .filter((incident) => serialNumber === undefined || incident.serialNumber === serialNumber)
    .filter((incident) => classId === undefined || incident.classId === classId)
    .filter(({ capturedAt }) => (!from || capturedAt >= from) && (!to || capturedAt <= to))
    .sort(newestFirst);

const title = ({ owned, ...query }: Partial<IncidentQuery>): string =>
  JSON.stringify({ ...query, ...(owned && { owned: [...owned] }) });

const QUERIES: readonly Partial<IncidentQuery>[] = [
  {},
  { serialNumber: 'DRN-1' },
  { serialNumber: 'DRN-3' },
  { serialNumber: '' },
  { classId: 0 },
  { classId: 3, serialNumber: 'DRN-2' },
  { from: at(2) },
  { to: at(5) },
  { from: at(3), to: at(3) },
  { from: at(5), to: at(3) },
  { from: at(2), to: at(6), serialNumber: 'DRN-1', classId: 1 },
  { owned: new Set(['*']) },
  { owned: new Set([]) },
  { owned: new Set(['DRN-2']) },
  { owned: new Set(['DRN*', 'X']), classId: 1 },
  { owned: new Set(['DRN-2*']), from: at(2), to: at(6) },
  { owned: new Set(['DRN-2', 'DRN-3']), serialNumber: 'DRN-2' },
  { owned: new Set(['DRN-2', 'DRN-3']), serialNumber: 'DRN-1' },
];

/** What detectors saw. */
export function incidentCases(test: StoreTest): void {
  test('an incident comes back as it was saved', async (t, store) => {
    const bare = sampleIncident('DRN-1', { capturedAt: at(1) });
    const full = sampleIncident('DRN-1', {
      capturedAt: at(2),
      createdAt: at(3),
      coordinates: { type: 'Point', coordinates: [-179.5, 89.25] },
      altitude: -12.75,
      classId: 0,
      label: 'Fußgänger 人',
      confidence: 0,
    });
    await store.saveIncidents([bare, full]);
    t.strictSame(await list(store), [full, bare]);
    await register(store, 'DRN-1');
    const snapshot = await snapshotOf(store, 'DRN-1');
    t.strictSame(await store.findIncident(snapshot, full.id), full);
    t.strictSame(await store.findIncident(snapshot, bare.id), bare);
    t.equal(await store.findIncident(snapshot, newId()), undefined);
  });

  test('saving again changes nothing', async (t, store) => {
    const incident = sampleIncident('DRN-1');
    await store.saveIncidents([incident]);
    const other = { ...incident, label: 'other', capturedAt: at(59), serialNumber: 'DRN-2' };
    await store.saveIncidents([other, sampleIncident('DRN-1', { id: id(1) }), other]);
    await store.saveIncidents([]);
    t.same((await list(store)).map(({ id }) => id).sort(), [incident.id, id(1)].sort());
    t.strictSame(
      (await list(store)).find((kept) => kept.id === incident.id),
      incident,
    );
    t.same(await list(store, { serialNumber: 'DRN-2' }), []);
  });

  test('many who save one incident save it once', async (t, store) => {
    const incidents = oneTo(5).map(() => sampleIncident('DRN-1'));
    await Promise.all(oneTo(20).map(() => store.saveIncidents(incidents)));
    t.equal((await list(store)).length, 5);
  });

  test('a committed incident is found before it is saved, and after', async (t, store) => {
    await register(store, 'DRN-1');
    await register(store, 'DRN-2');
    const incident = sampleIncident('DRN-1', { label: 'car' });
    const before = await snapshotOf(store, 'DRN-1');
    t.equal(await store.findIncident(before, incident.id), undefined);
    const events = [sampleEvent('incident', 'DRN-1', 'incident')];
    const outbox = await store.commit(before, { events, incident });
    t.strictSame(
      outbox?.entries.map((entry) => entry.incident),
      [incident],
    );

    const snapshot = await snapshotOf(store, 'DRN-1');
    t.strictSame(await store.findIncident(snapshot, incident.id), incident);
    t.same(await list(store), [], 'not saved yet');
    await store.saveIncidents([incident]);
    t.strictSame(await store.findIncident(snapshot, incident.id), incident);
    await acknowledge(store, there(outbox));
    t.strictSame(await store.findIncident(snapshot, incident.id), incident);
    t.strictSame(await list(store), [incident]);
  });

  test('incidents share the order of the changes, and stay when the drone goes', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: 'a' });
    const incident = sampleIncident('DRN-1');
    await store.commit(await snapshotOf(store, 'DRN-1'), { events: [sampleEvent('incident')], incident });
    await store.saveIncidents([incident]);
    const outbox = await remove(store, 'DRN-1');
    const whole = await waiting(store, outbox);
    t.same(marks(whole), ['created a', 'incident', 'deleted a']);
    await acknowledge(store, whole);
    t.strictSame(await list(store, { serialNumber: 'DRN-1' }), [incident]);
  });

  test('lists the newest first, ties by id', async (t, store) => {
    const all = await saveSome(store);
    for (const query of QUERIES) {
      t.strictSame(await list(store, query), expected(all, query), title(query));
    }
    t.equal((await list(store, { limit: 3 })).length, 3);
  });

  test('pages by place without repeats or holes', async (t, store) => {
    const all = await saveSome(store);
    for (const query of QUERIES) {
      for (const limit of [1, 4, 7]) await paged(t, store, query, limit, expected(all, query));
    }
  });

  test('incidents of the first and of the last year are incidents as any other', async (t, store) => {
    const times = ['0001-01-01T00:00:00.000Z', at(1), '9999-12-31T23:59:59.999Z'];
    const incidents = times.map((capturedAt) => sampleIncident('DRN-1', { capturedAt }));
    await store.saveIncidents(incidents);
    const newest = [...incidents].reverse();
    await paged(t, store, {}, 1, newest);
    t.strictSame(await list(store, { from: times[0] ?? '', to: times[2] ?? '' }), newest);
    t.strictSame(await list(store, { to: at(0) }), incidents.slice(0, 1));
    t.strictSame(await list(store, { from: at(2) }), incidents.slice(2));
  });

  test('a page of incidents ends at about 1 MiB too', async (t, store) => {
    const incidents = oneTo(25).map((i) =>
      sampleIncident('DRN-1', { id: id(i), capturedAt: at(i % 7), label: 'x'.repeat(100_000) }),
    );
    await store.saveIncidents(incidents);
    const found: Incident[] = [];
    const lengths: number[] = [];
    for (let isMore = true; isMore; ) {
      const last = found.at(-1);
      const after = last && { capturedAt: last.capturedAt, id: last.id };
      const page = await store.listIncidents({ limit: 1000, ...(after && { after }) });
      found.push(...page.items);
      lengths.push(page.items.length);
      isMore = page.isMore;
    }
    t.same(lengths, [10, 10, 5]);
    t.same(
      found.map(({ id }) => id),
      incidents.sort(newestFirst).map(({ id }) => id),
    );
    const reason = new Error('the caller has gone');
    await t.rejects(store.listIncidents({ limit: 1 }, AbortSignal.abort(reason)), reason);
  });

  test('a page continues where it was, whatever came in between', async (t, store) => {
    const all = await saveSome(store);
    const [first] = await list(store, { limit: 1 });
    await store.saveIncidents([sampleIncident('DRN-1', { capturedAt: at(50) })]);
    const after = { capturedAt: first?.capturedAt ?? '', id: first?.id ?? '' };
    t.strictSame(await list(store, { after }), all.sort(newestFirst).slice(1));
    t.strictSame(
      await list(store, { after: { capturedAt: after.capturedAt, id: id(0) } }),
      all.filter(({ capturedAt }) => capturedAt < after.capturedAt),
      'after a place where nothing is',
    );
    const beyond = { capturedAt: at(40), id: id(5) };
    t.same((await list(store, { after: beyond, to: at(3) }))[0], expected(all, { to: at(3) })[0]);
    t.same(await list(store, { after: { capturedAt: at(0), id: id(0) }, from: at(1) }), []);
  });

  test('incidents outlive a restart', async (t, store, { reopen }) => {
    const all = await saveSome(store);
    const again = await reopen();
    t.strictSame(await list(again), all.sort(newestFirst));
    await again.saveIncidents(all);
    t.equal((await list(again)).length, all.length);
  });
}

async function paged(
  t: Test,
  store: DroneStore,
  query: Partial<IncidentQuery>,
  limit: number,
  whole: Incident[],
): Promise<void> {
  const found: Incident[] = [];
  for (;;) {
    const last = found.at(-1);
    const after = last && { capturedAt: last.capturedAt, id: last.id };
    const page = await list(store, { ...query, limit, ...(after && { after }) });
    found.push(...page);
    if (page.length < limit || found.length > whole.length) break;
  }
  t.same(
    found.map(({ id }) => id),
    whole.map(({ id }) => id),
    `${title(query)} in pages of ${limit}`,
  );
}
