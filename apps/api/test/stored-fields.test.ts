import { Binary, Decimal128, type Document, Long, ObjectId, Timestamp } from 'mongodb';
import t from 'tap';
import { fromKey, toKey, toPublicId } from '../src/store/mongo/document-id.js';
import {
  changedFields,
  type DroneDocument,
  outboxBytes,
  toDrone,
} from '../src/store/mongo/drone-document.js';
import { fromEmbedded, readIncident } from '../src/store/mongo/incident-document.js';
import { toTime } from '../src/store/mongo/stored-time.js';

const ignore = () => {};
const UTC = '2024-05-06T07:08:09.000Z';

for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia']) {
  t.test(`stored times are read alike where TZ is ${zone}`, async (t) => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    t.teardown(() => {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    });
    for (const [value, time] of [
      [new Date(UTC), UTC],
      ['2024-05-06T07:08:09', UTC],
      ['2024-05-06 07:08:09', UTC],
      [' 2024-05-06 07:08:09Z ', UTC],
      ['2024-05-06T07:08:09.5', '2024-05-06T07:08:09.500Z'],
      ['2024-05-06T07:08:09,25Z', '2024-05-06T07:08:09.250Z'],
      ['2024-05-06T07:08:09.123456789Z', '2024-05-06T07:08:09.123Z'],
      ['2024-05-06T07:08', '2024-05-06T07:08:00.000Z'],
      ['2024-05-06', '2024-05-06T00:00:00.000Z'],
      ['2024-05-06T09:08:09+02:00', UTC],
      ['2024-05-06T09:08:09+0200', UTC],
      ['2024-05-06T09:08:09+02', UTC],
      ['2024-05-06 02:08:09 -0500', UTC],
      ['2024-05-06 07:08:09 UTC', UTC],
      ['Mon May 06 2024 07:08:09', UTC],
      ['Mon May 06 2024 09:08:09 GMT+0200 (CEST)', UTC],
      ['Mon, 06 May 2024 07:08:09 GMT', UTC],
      ['6 May 2024 07:08:09', UTC],
      ['May 6, 2024 07:08:09', UTC],
      ['Mon, 06 May 2024 03:08:09 -0400', UTC],
      [1714979289, UTC],
      [1714979289000, UTC],
      [1714979289.5, '2024-05-06T07:08:09.500Z'],
      ['1714979289', UTC],
      ['1714979289000', UTC],
      [Long.fromString('1714979289000'), UTC],
      [Decimal128.fromString('1714979289'), UTC],
      [new Timestamp({ t: 1714979289, i: 7 }), UTC],
    ] as const)
      t.equal(toTime(value)?.toISOString(), time, String(value));
  });
}

t.test('what is no time of the years 0001 to 9999 is none', async (t) => {
  for (const value of [
    ...[null, undefined, true, {}, [], [new Date()], new Binary(Buffer.alloc(8)), /2024/, Symbol('2024')],
    ...[
      '',
      ' ',
      'today',
      'Camera 5',
      '5',
      '20240506',
      '2024',
      '2024-13-01',
      '2024-02-30',
      '2024-05-06T25:00:00',
    ],
    ...['Mon Foo 06 2024 07:08:09', '0000-01-01', '+010000-01-01T00:00:00Z', '99999999999999'],
    ...[0, 1, -1, 20240506, Number.NaN, Number.POSITIVE_INFINITY, -1714979289, 1e300, Long.MAX_VALUE],
    ...[new Timestamp({ t: 0, i: 0 }), Decimal128.fromString('NaN'), new Date(Number.NaN)],
    ...[new Date('0000-12-31T23:59:59.999Z'), new Date('+010000-01-01T00:00:00Z'), new Date(8.64e15)],
  ])
    t.equal(toTime(value), undefined, String(value));
});

t.test('a date that no answer could hold is read as the time of the _id', async (t) => {
  const _id = new ObjectId();
  for (const createdAt of [new Date(Number.NaN), new Date(-8.64e15), new Date('+010000-01-01T00:00:00Z')]) {
    const told: string[] = [];
    const drone = toDrone({ _id, deviceSerialNumber: 'A', createdAt, updatedAt: createdAt }, (at) =>
      told.push(at),
    );
    const at = _id.getTimestamp().toISOString();
    t.match(drone, { createdAt: at, updatedAt: at });
    t.same(told, ['/createdAt', '/updatedAt']);
    const incident = readIncident({ _id, serialNumber: 'A', capturedAt: createdAt }, ignore);
    t.match(incident, { capturedAt: at, createdAt: at });
  }
});

t.test('any _id has a key that leads back to it, and an id of 24 hex digits', async (t) => {
  const ids = [new ObjectId(), 'cam-1', '', 'ü\u0000', 'x'.repeat(5000), 42, 4.5, -1, true, new Date(5)];
  const odd = [new Binary(Buffer.from('id')), { a: 1, b: 'x' }, { b: 'x', a: 1 }, '6b04793ea707e9d128d4384e'];
  const all = [...ids, ...(odd as typeof ids)];
  for (const id of all) {
    t.same(fromKey(toKey(id)), id);
    t.match(toPublicId(id).toHexString(), /^[0-9a-f]{24}$/);
    t.same(toPublicId(id), toPublicId(fromKey(toKey(id))));
  }
  t.equal(new Set(all.map(toKey)).size, all.length);
  t.equal(new Set(all.map((id) => toPublicId(id).toHexString())).size, all.length);
});

t.test('a third coordinate is the altitude', async (t) => {
  const holder = { serialNumber: 'A', madeAt: undefined };
  const read = (coordinates: unknown) => fromEmbedded({ coordinates, label: 'x' }, holder, '', ignore);
  const coordinates = { type: 'Point', coordinates: [8.5, 47.25] };
  t.match(read({ type: 'Point', coordinates: [8.5, 47.25, 430.5] }), { coordinates, altitude: 430.5 });
  t.match(read([8.5, 47.25, 430.5]), { coordinates, altitude: 430.5 });
  for (const other of [
    [8.5, 47.25, Number.NaN],
    [8.5, 47.25, 1, 2],
    [8.5],
    [181, 0],
    [0, 91, 5],
    ['8.5', '47'],
    { lat: 1 },
  ])
    t.notOk('coordinates' in read(other), String(other));
});

t.test(
  'a document of nothing but odd values is a drone of defaults, and a change sets what changes',
  async (t) => {
    const values: unknown[] = [
      [],
      {},
      [null],
      1e300,
      Number.NaN,
      /x/,
      new ObjectId(),
      new Binary(Buffer.from('x')),
      Long.MIN_VALUE,
    ];
    const names = [
      'deviceName',
      'deviceCategory',
      'metadata',
      'isUsingAiDetection',
      'streamIsOn',
      'streamUrl',
    ];
    const others = [
      'webRTCUrl',
      'streamCredentials',
      'cameras',
      'detectionClasses',
      'createdAt',
      'updatedAt',
    ];
    const own = [
      'revision',
      'publicId',
      'seq',
      'queuedBytes',
      'outbox',
      'pendingSince',
      'deletedAt',
      'registration',
    ];
    const _id = new ObjectId();
    const plain = toDrone({ _id, deviceSerialNumber: 'A' }, ignore);
    for (const value of values) {
      const fields: Document = Object.fromEntries([...names, ...others, ...own].map((name) => [name, value]));
      delete fields.publicId;
      const document = { _id, deviceSerialNumber: 'A', ...fields } as DroneDocument;
      const drone = toDrone(document, ignore);
      t.same(drone, plain, String(value));
      t.equal(outboxBytes(document), 0);
      if (!drone) continue;
      t.same(changedFields(document, drone), {});
      const metadata = { alias: 'north', description: '' };
      const isObject = JSON.stringify(value) === '{}' && !(value instanceof RegExp);
      t.same(
        changedFields(document, { ...drone, metadata, revision: 1 }),
        isObject ? { 'metadata.alias': 'north', revision: 1 } : { metadata, revision: 1 },
      );
    }
  },
);
