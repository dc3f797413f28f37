import {
  Binary,
  BSONRegExp,
  Code,
  DBRef,
  Decimal128,
  type Document,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb';

/** A document with one value that this service would never write. */
export interface OddDocument {
  readonly name: string;
  readonly document: Document;
  /** JSON pointer of the odd value. */
  readonly pointer: string;
  /** What is read of it; undefined for a document that cannot be served. */
  readonly served: Document | undefined;
  /** False for a field that this service writes with each change, so that a change overwrites it. */
  readonly isKept: boolean;
}

const AT = new Date('2024-05-06T07:08:09.123Z');

const TEXTS = {
  number: 7,
  'NaN, as a double': new Double(Number.NaN),
  infinity: Number.POSITIVE_INFINITY,
  long: Long.MAX_VALUE,
  decimal: Decimal128.fromString('1.5'),
  binary: new Binary(Buffer.from('bytes')),
  'regular expression': new BSONRegExp('a+', 'i'),
  reference: new DBRef('cameras', new ObjectId()),
  array: ['rtsp://cameras.example.com/1'],
  object: { url: 'rtsp://cameras.example.com/1' },
  code: new Code('return 1'),
};

/** A whole document as Mongoose wrote it, but for `fields`. */
const drone = (deviceSerialNumber: string, fields: Document): Document => ({
  _id: new ObjectId(),
  deviceSerialNumber,
  deviceName: 'Old one',
  deviceCategory: 'CCTV',
  metadata: { alias: 'Falcon', description: 'by the gate' },
  streamCredentials: { userName: 'pilot', password: 'sesame', port: '9554' },
  isUsingAiDetection: true,
  streamIsOn: true,
  streamUrl: 'rtsp://cameras.example.com/1',
  cameras: ['front'],
  detectionClasses: [2],
  createdAt: AT,
  updatedAt: AT,
  __v: 3,
  ...fields,
});

let drones = 0;

function oddDrone(
  name: string,
  pointer: string,
  fields: Document,
  served: Document = {},
  isKept = true,
): OddDocument {
  drones += 1;
  return { name, pointer, document: drone(`ODD-${100 + drones}`, fields), served, isKept };
}

const unservedDrone = (name: string, serialNumber: unknown): OddDocument => ({
  ...oddDrone(name, '/deviceSerialNumber', { deviceSerialNumber: serialNumber }),
  served: undefined,
});

/** `served` is undefined for a field that is not shown. */
const of = (field: string, values: Document, served: unknown): OddDocument[] =>
  Object.entries(values).map(([type, value]) =>
    oddDrone(
      `${field}: ${type}`,
      `/${field}`,
      { [field]: value },
      served === undefined ? {} : { [field]: served },
    ),
  );

const BEGINNING = { alias: '', description: '' };
const CREDENTIALS = { userName: '', port: '8554' };
const UTC = '2024-05-06T07:08:09.000Z';

export const ODD_DRONES: readonly OddDocument[] = [
  ...of(
    'createdAt',
    {
      'text with a zone': '2024-05-06T09:08:09+0200',
      'text without a zone': '2024-05-06T07:08:09',
      'text with a space': '2024-05-06 07:08:09',
      'text as JavaScript writes it': 'Mon May 06 2024 09:08:09 GMT+0200 (Central European Summer Time)',
      'text as HTTP writes it': 'Mon, 06 May 2024 07:08:09 GMT',
      seconds: 1714979289,
      milliseconds: 1714979289000,
      'a long': Long.fromNumber(1714979289000),
      'digits as text': '1714979289000',
      'a decimal': Decimal128.fromString('1714979289000'),
      timestamp: new Timestamp({ t: 1714979289, i: 1 }),
    },
    UTC,
  ),
  oddDrone('createdAt: other text', '/createdAt', { createdAt: 'Old camera 5' }),
  oddDrone('createdAt: no day', '/createdAt', { createdAt: '2024-02-30T00:00:00Z' }),
  oddDrone('createdAt: a small number', '/createdAt', { createdAt: 20240506 }),
  oddDrone('createdAt: NaN', '/createdAt', { createdAt: Number.NaN }),
  oddDrone('createdAt: true', '/createdAt', { createdAt: true }),
  oddDrone('createdAt: object', '/createdAt', { createdAt: { seconds: 1714979289 } }),
  oddDrone('updatedAt: text', '/updatedAt', { updatedAt: UTC }, { updatedAt: UTC }, false),
  oddDrone(
    'updatedAt: other text',
    '/updatedAt',
    { updatedAt: 'today' },
    { updatedAt: AT.toISOString() },
    false,
  ),

  oddDrone('_id: text', '/_id', { _id: 'cam-1' }),
  oddDrone(
    '_id: hexadecimal text',
    '/_id',
    { _id: '6b04793ea707e9d128d4384e' },
    { id: '6b04793ea707e9d128d4384e' },
  ),
  oddDrone('_id: number', '/_id', { _id: 42 }),
  oddDrone('_id: fraction', '/_id', { _id: 4.5 }),
  oddDrone('_id: long', '/_id', { _id: Long.MAX_VALUE }),
  oddDrone('_id: object', '/_id', { _id: { site: 1, camera: 'a' } }),
  oddDrone('_id: UUID', '/_id', { _id: new Binary(Buffer.alloc(16, 7), Binary.SUBTYPE_UUID) }),
  oddDrone('_id: date', '/_id', { _id: AT }),

  ...Object.entries(TEXTS).map(([type, deviceName]) =>
    oddDrone(`deviceName: ${type}`, '/deviceName', { deviceName }, { deviceName: `ODD-${101 + drones}` }),
  ),
  ...of('streamUrl', TEXTS, ''),
  ...of('webRTCUrl', { number: 5, object: {}, array: [] }, ''),
  ...of('deviceCategory', { number: 1, unknown: 'Rover', array: ['CCTV'], object: {}, empty: '' }, 'DRONE'),
  ...of('streamIsOn', { 'text false': 'false', 'text true': 'true', number: 1, array: [true] }, false),
  ...of('isUsingAiDetection', { text: 'yes', number: 1, array: [true] }, false),
  ...of('metadata', { text: 'north', array: [], 'array of objects': [{ alias: 'x' }], number: 1 }, BEGINNING),
  oddDrone(
    'metadata.alias: number',
    '/metadata/alias',
    { metadata: { alias: 5, description: 'd' } },
    {
      metadata: { alias: '', description: 'd' },
    },
  ),
  oddDrone('metadata: names with dots and dollars', '/metadata/a.b', {
    metadata: { alias: 'Falcon', description: 'd', 'a.b': 1, $c: 2 },
  }),
  ...of('streamCredentials', { text: 'pilot:sesame', array: ['pilot'], number: 7 }, CREDENTIALS),
  oddDrone(
    'password: number',
    '/streamCredentials/password',
    { streamCredentials: { userName: 'pilot', password: 1234, port: 554 } },
    { streamCredentials: { userName: 'pilot', port: '554' } },
  ),
  oddDrone(
    'port: fraction',
    '/streamCredentials/port',
    { streamCredentials: { userName: 'pilot', port: 5.5 } },
    { streamCredentials: { userName: 'pilot', port: '8554' } },
  ),
  oddDrone(
    'userName: object',
    '/streamCredentials/userName',
    { streamCredentials: { userName: {}, port: 1 } },
    { streamCredentials: { userName: '', port: '1' } },
  ),
  ...of('cameras', { text: 'x', object: { 0: 'front' }, number: 2 }, []),
  oddDrone('cameras: objects', '/cameras/0', { cameras: [{ name: 'front' }] }, { cameras: [] }),
  oddDrone('cameras: null', '/cameras/0', { cameras: [null] }, { cameras: [] }),
  oddDrone('cameras: arrays', '/cameras/0', { cameras: [['front'], 'rear'] }, { cameras: ['rear'] }),
  ...of('detectionClasses', { text: 'person', object: {} }, []),
  oddDrone(
    'detectionClasses: names',
    '/detectionClasses/0',
    { detectionClasses: ['person', 2] },
    { detectionClasses: [2] },
  ),
  oddDrone(
    'detectionClasses: beyond',
    '/detectionClasses/0',
    { detectionClasses: [80, 1.5, 1e300] },
    { detectionClasses: [] },
  ),
  oddDrone(
    'detectionClasses: twice',
    '/detectionClasses',
    { detectionClasses: [2, 2] },
    { detectionClasses: [2] },
  ),

  ...Object.entries({
    text: '3',
    fraction: 1.5,
    negative: -1,
    long: Long.MAX_VALUE,
    huge: 1e300,
    array: [3],
  }).map(([type, revision]) =>
    oddDrone(`revision: ${type}`, '/revision', { revision }, { revision: 0 }, false),
  ),
  ...Object.entries({
    ...{
      text: '5',
      fraction: 1.5,
      negative: -1,
      NaN: Number.NaN,
      long: Long.MAX_VALUE,
      array: [1],
      object: {},
    },
    ...{
      decimal: Decimal128.fromString('5'),
      pattern: new BSONRegExp('5'),
      least: new MinKey(),
      most: new MaxKey(),
    },
  }).map(([type, seq]) => oddDrone(`seq: ${type}`, '/seq', { seq }, {}, false)),
  oddDrone('queuedBytes: text', '/queuedBytes', { queuedBytes: 'many' }, {}, false),
  oddDrone('outbox: text', '/outbox', { outbox: 'x' }, {}, false),
  oddDrone('outbox: texts', '/outbox/0', { outbox: ['x', 'y'] }, {}, false),
  oddDrone('outbox: objects', '/outbox/0', { outbox: [{ seq: 'x' }], pendingSince: AT }, {}, false),
  oddDrone('outbox: object', '/outbox', { outbox: { 0: 'x' }, pendingSince: AT }, {}, false),
  oddDrone('pendingSince: text', '/pendingSince', { pendingSince: 'x' }, {}, false),
  oddDrone('pendingSince: number', '/pendingSince', { pendingSince: 5 }, {}, false),
  oddDrone('pendingSince: array', '/pendingSince', { pendingSince: [AT] }, {}, false),
  ...of('publicId', { text: 'abc', number: 5, object: {} }, undefined),
  ...of('deletedAt', { text: '2024-05-06', false: false, array: [AT], number: 0 }, undefined),
  ...of('registration', { text: 'x', object: { droneId: 5 } }, undefined),
  ...of('copiedIncidents', { number: 1 }, undefined),

  oddDrone('incidents: text', '/incidents', { incidents: 'x' }),
  oddDrone('incidents: null in it', '/incidents/0', { incidents: [null] }),
  oddDrone('incidents: object', '/incidents', { incidents: { 0: { imageUrl: 'x' } } }),
  oddDrone('incidents: references', '/incidents/0', {
    incidents: [new ObjectId(), new DBRef('incidents', new ObjectId())],
  }),
  oddDrone('incidents: arrays', '/incidents/0', { incidents: [[], [{}]] }),
  oddDrone('a field of its own', '/colour', { colour: { body: 'red' } }),

  unservedDrone('no serial number', undefined),
  unservedDrone('serial number: null', null),
  unservedDrone('serial number: number', 42),
  unservedDrone('serial number: the same number', 42),
  unservedDrone('serial number: empty', ''),
  unservedDrone('serial number: array', ['A', 'B']),
  unservedDrone('serial number: object', { $ref: 'x' }),
];

let incidents = 0;

function oddIncident(name: string, pointer: string, fields: Document, served: Document = {}): OddDocument {
  incidents += 1;
  const document = {
    _id: new ObjectId(),
    deviceSerialNumber: 'GOOD',
    imageUrl: `https://images.example.com/${incidents}.jpg`,
    coordinates: { type: 'Point', coordinates: [8.5, 47.25] },
    objectBBox: [1, 2, 3, 4],
    timestamp: AT,
    ...fields,
  };
  return { name, pointer, document, served, isKept: true };
}

const POINT = { type: 'Point', coordinates: [8.5, 47.25] };

/** Of the older service's own `incidents` collection, all of the drone `GOOD`. */
export const ODD_INCIDENTS: readonly OddDocument[] = [
  oddIncident('the names of the older service', '/serialNumber', {}, { capturedAt: AT.toISOString() }),
  oddIncident('no time but that of the _id', '/capturedAt', { timestamp: undefined }),
  ...Object.entries({
    'zoneless text': '2024-05-06T07:08:09',
    'text with a zone': '2024-05-06T09:08:09+02:00',
    seconds: 1714979289,
    milliseconds: 1714979289000,
    timestamp: new Timestamp({ t: 1714979289, i: 1 }),
  }).flatMap(([type, time]) => [
    oddIncident(`timestamp: ${type}`, '/timestamp', { timestamp: time }, { capturedAt: UTC }),
    oddIncident(
      `capturedAt: ${type}`,
      '/capturedAt',
      { capturedAt: time, serialNumber: 'GOOD' },
      { capturedAt: UTC },
    ),
  ]),
  oddIncident('capturedAt: array', '/capturedAt', { capturedAt: [AT] }, { capturedAt: AT.toISOString() }),
  oddIncident('capturedAt: NaN', '/capturedAt', { capturedAt: Number.NaN }, { capturedAt: AT.toISOString() }),
  oddIncident(
    'coordinates: with an altitude',
    '/coordinates',
    {
      coordinates: { type: 'Point', coordinates: [8.5, 47.25, 430] },
    },
    { coordinates: POINT, altitude: 430 },
  ),
  oddIncident(
    'coordinates: numbers alone',
    '/coordinates',
    { coordinates: [8.5, 47.25] },
    { coordinates: POINT },
  ),
  oddIncident('coordinates: text', '/coordinates', { coordinates: '8.5,47.25' }, { coordinates: undefined }),
  oddIncident(
    'coordinates: beyond',
    '/coordinates',
    { coordinates: [400, Number.NaN] },
    { coordinates: undefined },
  ),
  oddIncident('imageUrl: number', '/imageUrl', { imageUrl: 5 }, { imageUrl: '' }),
  oddIncident('objectBBox: text', '/objectBBox', { objectBBox: 'x' }, { objectBBox: [0, 0, 0, 0] }),
  oddIncident('classId: name', '/classId', { classId: 'person' }, { classId: undefined }),
  oddIncident('classId: array', '/classId', { classId: [2] }, { classId: undefined }),
  oddIncident('label: object', '/label', { label: {} }, { label: undefined }),
  oddIncident('confidence: per cent', '/confidence', { confidence: 91 }, { confidence: undefined }),
  oddIncident('readAs: text', '/readAs', { readAs: 'x', serialNumber: 'GOOD', capturedAt: AT }),
  oddIncident('readAs: object', '/readAs', { readAs: { id: 5 }, serialNumber: 'GOOD', capturedAt: AT }),
  oddIncident('_id: text', '/_id', { _id: 'incident-1', serialNumber: 'GOOD', capturedAt: AT }),
  oddIncident('_id: number', '/_id', { _id: 7 }),
  { ...oddIncident('no drone', '/serialNumber', { deviceSerialNumber: undefined }), served: undefined },
  {
    ...oddIncident('a number of a drone', '/deviceSerialNumber', { deviceSerialNumber: 5 }),
    served: undefined,
  },
];
