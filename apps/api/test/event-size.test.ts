import { MAX_ACTOR_LENGTH } from '@dronecast/events';
import t, { type Test } from 'tap';
import { diff } from '../src/drone/diff.js';
import type { Drone } from '../src/drone/drone.js';
import { updatedEvents } from '../src/drone/drone-events.js';
import { applyPatch } from '../src/drone/edit.js';
import { isTooLarge, MAX_EVENT_BYTES } from '../src/drone/event-size.js';
import type { DroneStore, StoredOutbox } from '../src/store/drone-store.js';
import { buildApi } from './build-api.js';
import { sampleDrone } from './samples.js';
import { there } from './store-contract/context.js';

const DRONE = '/api/v1/drones/sn/E-1';

/** Strings of 600 bytes. */
const cameras = (count: number, letter = '東'): string[] =>
  Array.from({ length: count }, () => letter.repeat(200));

/** An API with the drone E-1 of any size, and the outboxes of its commits. */
async function setUp(t: Test, fields: Partial<Drone> = {}) {
  const commits: StoredOutbox[] = [];
  let register: DroneStore['register'] | undefined;
  const api = await buildApi(t, {
    faults(store) {
      ({ register } = store);
      return {
        ...store,
        async commit(...args) {
          const outbox = await store.commit(...args);
          if (outbox) commits.push(outbox);
          return outbox;
        },
      };
    },
  });
  await there(register)(sampleDrone('E-1', fields), []);
  const patch = async (payload: object) => {
    const { status, body } = await api.call({ method: 'PATCH', url: DRONE, payload });
    return { status, code: body.code, pointer: body.errors?.[0].pointer, detail: body.detail };
  };
  const read = async () => (await api.call({ url: DRONE })).body.data.drone as Drone;
  /** Of the last commit. */
  const events = () => there(commits.at(-1)?.entries.at(-1)).events.map(({ body }) => body);
  return { ...api, commits, patch, read, events };
}

const tooLarge = { status: 413, code: 'event_too_large', pointer: '/cameras' };

t.test(
  'a change whose event would be too large is refused, and clearing the field first works',
  async (t) => {
    const { patch, read, commits, events, published } = await setUp(t);
    t.match(await patch({ cameras: cameras(100) }), { status: 200 });
    const before = await read();
    const [count, sent] = [commits.length, published.length];

    const refused = await patch({ cameras: cameras(100, '西') });
    t.match(refused, tooLarge);
    t.match(
      refused.detail,
      /drone\.updated event would be 18\d{4} bytes, the limit is 131072\. Make cameras smaller/,
    );
    t.match(
      await patch({ cameras: cameras(99, '西'), streamIsOn: true }),
      tooLarge,
      'the error names the largest field',
    );
    t.same([await read(), commits.length, published.length], [before, count, sent], 'nothing was done');

    t.match(await patch({ streamIsOn: true }), { status: 200 }, 'other fields can be changed');
    t.match(await patch({ cameras: null }), { status: 200 });
    t.match(await patch({ cameras: cameras(100, '西') }), { status: 200 });
    t.same((await read()).cameras, cameras(100, '西'));
    t.ok(events().every((body) => Buffer.byteLength(body) <= MAX_EVENT_BYTES));
  },
);

t.test('a drone of the largest size that the previous version accepted can be changed', async (t) => {
  const { patch, read, call, events } = await setUp(t, {
    cameras: Array.from({ length: 53 }, () => '\u0001'.repeat(200)),
    metadata: { alias: '\u0001'.repeat(200), description: '\u0001'.repeat(2000) },
    streamUrl: '\u0001'.repeat(2048),
    webRTCUrl: '//@'.repeat(682),
  });
  const before = await read();
  t.match(await patch({ streamIsOn: true }), { status: 200 });
  t.match(await patch({ metadata: { description: 'short' } }), { status: 200 });
  t.match(await patch({ cameras: cameras(60) }), tooLarge);
  t.match(await patch({ cameras: null }), { status: 200 });
  t.same(
    JSON.parse(there(events()[0])).data.previous,
    { cameras: before.cameras },
    'with its previous value',
  );
  t.match(await patch({ cameras: cameras(60) }), { status: 200 });
  t.equal((await call({ method: 'DELETE', url: DRONE })).status, 204);
});

t.test('a drone that is larger than an event can be read, made smaller and deleted', async (t) => {
  const huge = { cameras: cameras(350), metadata: { alias: 'x'.repeat(140_000), description: '' } };
  const { patch, read, events, call } = await setUp(t, huge);
  t.match(await read(), { cameras: huge.cameras, metadata: huge.metadata });
  t.equal((await call({ url: '/api/v1/drones' })).body.results, 1);
  t.match(await patch({ streamIsOn: true }), tooLarge);
  t.match(
    await patch({ cameras: null }),
    { ...tooLarge, pointer: '/metadata' },
    'smaller, but still too large',
  );
  t.match(await patch({ cameras: cameras(80), metadata: null }), { status: 200 });
  const [update = ''] = events();
  t.ok(Buffer.byteLength(update) <= MAX_EVENT_BYTES);
  t.match(JSON.parse(update).data, { changes: { cameras: cameras(80) }, full: { cameras: cameras(80) } });
  t.same(Object.keys(JSON.parse(update).data.previous), []);
  t.match(await patch({ streamIsOn: true }), { status: 200 });

  const { call: callOther } = await setUp(t, huge);
  t.equal((await callOther({ method: 'DELETE', url: DRONE })).status, 204, 'deleted at its full size');
});

t.test(
  'the longest serial number and actor: clearing a field works at every size of the drone',
  async (t) => {
    const sn = `1${'@'.repeat(62)}1`;
    const actor = '\u0000'.repeat(MAX_ACTOR_LENGTH);
    for (let bytes = MAX_EVENT_BYTES - 6000; bytes < MAX_EVENT_BYTES; bytes += 16) {
      const drone = sampleDrone(sn, { cameras: ['x'.repeat(bytes)] });
      const cleared = applyPatch(drone, { cameras: null }, drone.updatedAt);
      const [update] = updatedEvents(drone, cleared, there(diff(drone, cleared)), actor);
      if (isTooLarge(there(update))) t.fail(`a drone with cameras of ${bytes} bytes`);
    }
  },
);

t.test('an event lists the first 80 previous classes', async (t) => {
  const { patch, events } = await setUp(t, { detectionClasses: Array.from({ length: 50_000 }, (_, i) => i) });
  t.match(await patch({ detectionClasses: [1] }), { status: 200 });
  const { previousClasses } = JSON.parse(there(events()[1])).data;
  t.same(
    previousClasses,
    Array.from({ length: 80 }, (_, i) => i),
  );
});

t.test('a broadcast whose event would be too large is refused', async (t) => {
  const { call, published } = await setUp(t);
  // A number may be longer in the event than in the body.
  const payload = `{"message":"x","level":"info","data":{"a":[${'1e20,'.repeat(10_000)}1]}}`;
  const headers = { 'content-type': 'application/json' };
  const { status, body } = await call({ method: 'POST', url: '/api/v1/system/broadcast', payload, headers });
  t.match({ status, ...body }, { status: 413, code: 'event_too_large', errors: [{ pointer: '/data' }] });
  t.same(published, []);
});
