import { MongoClient } from 'mongodb';
import { createClient } from 'redis';
import t from 'tap';
import { call, registration } from './support/api.js';
import { connectSocket } from './support/socket-client.js';
import { requiresSystem, startSystem } from './support/system.js';

const DRONES = '/api/v1/drones';
const pathOf = (serialNumber: string): string => `${DRONES}/sn/${encodeURIComponent(serialNumber)}`;

/** Serial numbers of real devices, and what stands for each in a channel. */
const DEVICES: readonly (readonly [serialNumber: string, inChannel: string])[] = [
  ['DRN-0042', 'DRN-0042'],
  ['AC:CC:8E:0F:12:34', 'AC%3ACC%3A8E%3A0F%3A12%3A34'],
  ['DS-7616NI-E2/16P0123', 'DS-7616NI-E2%2F16P0123'],
  ['urn:dev:mac:0024befffe804ff1', 'urn%3Adev%3Amac%3A0024befffe804ff1'],
  ['A+B', 'A%2BB'],
  ['A B', 'A%20B'],
  ['cam#1', 'cam%231'],
  ['user@host/ch1', 'user%40host%2Fch1'],
  ['rtsp://10.0.0.7/ch1', 'rtsp%3A%2F%2F10.0.0.7%2Fch1'],
  ['a/../b', 'a%2F..%2Fb'],
  ['a/incidents', 'a%2Fincidents'],
  ['a:updated', 'a%3Aupdated'],
];

/** What an older service may have left in the database; none of it can be registered. */
const OLDER = [
  'all',
  '*',
  'AB*',
  'DRÖHNE 1',
  ' lead',
  'trail ',
  'two  spaces',
  'a,b',
  'a%2Fb',
  'a?b',
  '~x',
  'x'.repeat(200),
  '🚁',
];

const skip = !requiresSystem(t) && 'servers missing';

t.test('a change of a device reaches those who follow it by its serial number', { skip }, async (t) => {
  const { apis, relays, redis } = await startSystem(t);
  const api = apis[0].url;
  const events = `ws://127.0.0.1:${relays[0].port}/ws/events`;
  const subscriber = createClient({ url: redis.url });
  await subscriber.connect();
  t.teardown(() => subscriber.destroy());
  const channels: string[] = [];
  await subscriber.pSubscribe('drone:*:updated', (_message, channel) => void channels.push(channel));
  const everybody = await connectSocket(t, events);

  for (const [serialNumber] of DEVICES) {
    const { status, body } = await call(api, 'POST', `${DRONES}/register`, registration(serialNumber));
    t.equal(status, 201, `${serialNumber}: ${JSON.stringify(body)}`);
  }
  const followers = new Map<string, Awaited<ReturnType<typeof connectSocket>>>();
  for (const [serialNumber] of DEVICES)
    followers.set(
      serialNumber,
      await connectSocket(t, `${events}?sn=${encodeURIComponent(serialNumber)}&events=updated`),
    );
  const byPrefix = await connectSocket(t, `${events}?sn=${encodeURIComponent('AC:CC:*,A *')}&events=updated`);

  for (const [serialNumber, inChannel] of DEVICES) {
    const answer = await call(api, 'PATCH', pathOf(serialNumber), { deviceName: 'changed' });
    t.equal(answer.status, 200, serialNumber);
    const expected = {
      event: 'drone.updated',
      channel: `drone:${inChannel}:updated`,
      serialNumber,
      data: { serialNumber, full: { deviceSerialNumber: serialNumber } },
    };
    t.match(await followers.get(serialNumber)!.frames.next(), expected);
    t.match(await everybody.frames.find(({ event }) => event === 'drone.updated'), expected);
    t.match((await call(api, 'GET', pathOf(serialNumber))).body.data.drone, { deviceName: 'changed' });
    const { body } = await call(api, 'GET', `${pathOf(serialNumber)}/incidents`);
    t.same(body.data.incidents, []);
  }
  t.match(await byPrefix.frames.take(2), [{ serialNumber: 'AC:CC:8E:0F:12:34' }, { serialNumber: 'A B' }]);
  for (const [serialNumber, { frames }] of followers) t.equal(frames.length, 0, `${serialNumber}: no other`);
  t.same(
    channels,
    DEVICES.map(([, inChannel]) => `drone:${inChannel}:updated`),
  );

  t.test('by the other two transports, and again by a cursor', async (t) => {
    for (const [serialNumber] of DEVICES) {
      const sn = `sn=${encodeURIComponent(serialNumber)}`;
      const url = `/poll/events?${sn}&events=updated&wait=5&since=${everybody.greeting.cursor}`;
      const { body } = await call(relays[1].url, 'GET', url);
      t.match(body.events, [{ serialNumber }]);
    }
  });

  t.test('messages of others', async (t) => {
    const publisher = createClient({ url: redis.url });
    await publisher.connect();
    t.teardown(() => publisher.destroy());
    const follower = await connectSocket(t, `${events}?sn=${encodeURIComponent('AC:CC:8E:0F:12:34')}`);
    for (const channel of ['drone:AC:CC:8E:0F:12:34:battery', 'drone:AC%3aCC%3a8E%3a0F%3a12%3a34:battery'])
      await publisher.publish(channel, '{}');
    await publisher.publish('drone:AC%3ACC%3A8E%3A0F%3A12%3A34:battery', '{"percent":17}');
    t.match(await follower.frames.next(), {
      foreign: true,
      serialNumber: 'AC:CC:8E:0F:12:34',
      data: { percent: 17 },
    });
  });

  t.test('pages of one, by the cursors of the API', async (t) => {
    const seen: string[] = [];
    for (let url: string | undefined = `${DRONES}?limit=1`; url; ) {
      const { status, body, headers } = await call(api, 'GET', url);
      t.equal(status, 200, url);
      seen.push(...body.data.drones.map((drone: { deviceSerialNumber: string }) => drone.deviceSerialNumber));
      url = /^<(.*)>; rel="next"$/.exec(String(headers.link))?.[1];
    }
    t.same(seen, DEVICES.map(([serialNumber]) => serialNumber).sort());
  });
});

t.test('serial numbers that only older data has', { skip }, async (t) => {
  const { apis, relays, mongo } = await startSystem(t);
  const api = apis[0].url;
  const client = new MongoClient(mongo.url);
  t.teardown(() => client.close());
  const drones = client.db().collection('drones');
  await drones.insertMany(
    OLDER.map((deviceSerialNumber) => ({ deviceSerialNumber, deviceName: 'Old', deviceCategory: 'DRONE' })),
  );
  const events = `ws://127.0.0.1:${relays[0].port}/ws/events`;
  const [other, everybody] = [await connectSocket(t, `${events}?sn=Z-9`), await connectSocket(t, events)];
  await call(api, 'POST', `${DRONES}/register`, registration('Z-9'));
  for (const { frames } of [other, everybody]) t.match(await frames.next(), { event: 'drone.created' });

  t.test('are in the list, page by page', async (t) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { status, body } = await call(api, 'GET', `${DRONES}?limit=1${query}`);
      t.equal(status, 200, query);
      seen.push(...body.data.drones.map((drone: { deviceSerialNumber: string }) => drone.deviceSerialNumber));
      cursor = body.nextCursor;
    } while (cursor);
    t.same([...seen].sort(), [...OLDER, 'Z-9'].sort());
  });

  for (const serialNumber of OLDER) {
    t.test(JSON.stringify(serialNumber), async (t) => {
      const { status, body } = await call(api, 'GET', pathOf(serialNumber));
      t.equal(status, 200);
      t.equal(body.data.drone.deviceSerialNumber, serialNumber);
      const before = await drones.findOne({ deviceSerialNumber: serialNumber });
      const byId = `${DRONES}/${body.data.drone.id}`;
      const report = { imageUrl: 'https://images.example.com/1.jpg', objectBBox: [1, 2, 3, 4] };
      t.same((await call(api, 'GET', `${pathOf(serialNumber)}/incidents`)).body.data.incidents, []);
      for (const refused of [
        await call(api, 'PATCH', pathOf(serialNumber), { streamIsOn: true }),
        await call(api, 'PATCH', byId, { streamIsOn: true }),
        await call(api, 'DELETE', pathOf(serialNumber)),
        await call(api, 'DELETE', byId),
        await call(api, 'POST', `${pathOf(serialNumber)}/incidents`, report),
      ]) {
        t.equal(refused.status, 409);
        t.match(refused.body, {
          code: 'serial_number_not_addressable',
          errors: [{ pointer: '/deviceSerialNumber', message: /^must be 1-64 / }],
        });
      }
      t.same(await drones.findOne({ deviceSerialNumber: serialNumber }), before, 'nothing is written');
    });
  }

  t.test('and nobody hears of them', async (t) => {
    await call(api, 'PATCH', `${DRONES}/sn/Z-9`, { deviceName: 'changed' });
    t.match(await other.frames.next(), { event: 'drone.updated', serialNumber: 'Z-9' });
    t.match(await everybody.frames.next(), { event: 'drone.updated', serialNumber: 'Z-9' });
  });

  t.test('what is no serial number and nobody has is told by its field', async (t) => {
    const report = { imageUrl: 'https://images.example.com/1.jpg', objectBBox: [1, 2, 3, 4] };
    for (const bad of ['-A', 'A:', 'a  b', 'ü', 'y'.repeat(65), '*', 'b*'].filter(
      (name) => !OLDER.includes(name),
    )) {
      for (const answer of [
        await call(api, 'GET', pathOf(bad)),
        await call(api, 'PATCH', pathOf(bad), { streamIsOn: true }),
        await call(api, 'DELETE', pathOf(bad)),
        await call(api, 'GET', `${pathOf(bad)}/incidents`),
        await call(api, 'POST', `${pathOf(bad)}/incidents`, report),
        await call(api, 'GET', `/api/v1/incidents?sn=${encodeURIComponent(bad)}`),
      ]) {
        t.equal(answer.status, 400, bad);
        t.match(answer.body, {
          code: 'validation_failed',
          errors: [{ pointer: '/sn', message: /^must be 1-64 / }],
        });
      }
    }
  });
});
