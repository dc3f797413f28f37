import t from 'tap';
import {
  CHANNEL_PATTERNS,
  copyChannel,
  droneChannel,
  isCopyChannel,
  KINDS,
  parseChannel,
  parseEventChannel,
  SYSTEM_BROADCAST_CHANNEL,
} from '../src/index.js';

const DRONE_KINDS = KINDS.filter((kind) => kind !== 'system');
const SERIALS = [
  ...['AC:CC:8E:0F:12:34', 'DS-7616NI-E2/16P0123', 'A+B', 'A B', 'cam#1', 'user@host/ch1', 'a:updated', 'A-'],
  ...['DRN-0042', 'A', '7', 'a.b_c-d', 'ALL', 'all-1', 'constructor', 'x'.repeat(64)],
];

t.test('what is built parses back', async (t) => {
  for (const serialNumber of SERIALS) {
    for (const kind of DRONE_KINDS) {
      const channel = droneChannel(serialNumber, kind);
      t.same(parseChannel(channel), { scope: 'drone', serialNumber, kind }, channel);
    }
  }
  t.same(parseChannel(SYSTEM_BROADCAST_CHANNEL), { scope: 'system', kind: 'system' });
});

t.test('a serial number is percent-encoded, in one way alone', async (t) => {
  t.equal(droneChannel('DRN-0042', 'ai'), 'drone:DRN-0042:ai');
  t.equal(droneChannel('a.b_c-d', 'ai'), 'drone:a.b_c-d:ai');
  t.equal(droneChannel('A: /@+#B', 'ai'), 'drone:A%3A%20%2F%40%2B%23B:ai');
  for (const name of [
    'AC%3aCC', // lower case
    'AC:CC',
    'A/B',
    'A@B',
    'A+B',
    'A#B',
    'A B',
    '%41',
    'A%2DB', // has no need of it
    'A%2EB',
    '%61ll',
    'al%6C',
    'A%',
    'A%2',
    'A%zz',
    'A%00B',
    'A%2CB',
    'A%2AB',
    '%2A',
    'A%2A',
    'A%C3%96B',
    'A%FFB',
    'A%ED%A0%80B',
    'A%20',
    '%20A',
    'A%20%20B',
    'A%253AB',
  ]) {
    t.equal(parseChannel(`drone:${name}:updated`), undefined, name);
  }
});

t.test('events of earlier versions', async (t) => {
  for (const serialNumber of SERIALS)
    t.same(
      parseEventChannel(`drone:${serialNumber}:updated`),
      { scope: 'drone', serialNumber, kind: 'updated' },
      serialNumber,
    );
  t.same(parseEventChannel('drone:AC%3ACC:ai'), { scope: 'drone', serialNumber: 'AC:CC', kind: 'ai' });
  t.same(parseEventChannel(SYSTEM_BROADCAST_CHANNEL), { scope: 'system', kind: 'system' });
  for (const channel of [
    'drone:all:updated',
    'drone:all:created',
    'drone:A:B:thermal',
    'drone:A::updated',
    'drone:Ö 1:updated',
    'drone::updated',
    'drone:updated',
    'drones:A:B:updated',
    'updated',
    '',
  ])
    t.equal(parseEventChannel(channel), undefined, channel);
});

t.test('channels of other publishers', async (t) => {
  t.same(parseChannel('drone:AC%3ACC:thermal'), { scope: 'drone', serialNumber: 'AC:CC', kind: 'thermal' });
  t.same(parseChannel('drone:DRN-1:thermal'), { scope: 'drone', serialNumber: 'DRN-1', kind: 'thermal' });
  t.same(parseChannel('drone:all:updated'), { scope: 'fleet', kind: 'updated' });
  t.same(parseChannel('drone:all:__proto__'), { scope: 'fleet', kind: '__proto__' });
  t.same(parseChannel('system:maintenance'), { scope: 'system', kind: 'system' });
  t.same(parseChannel('system:a:b'), { scope: 'system', kind: 'system' });
});

t.test('what is none of ours has no route', async (t) => {
  const channels = [
    '',
    ':',
    '::',
    'drone',
    'drone:',
    'drone::',
    'drone::updated',
    'drone:DRN-1',
    'drone:DRN-1:',
    'drone:DRN-1:updated:',
    'drone:DRN-1:updated:more',
    'drone:DRN 1:updated',
    'drone:DRN-1\n:updated',
    'drone: DRN-1:updated',
    'drone:DRN*:updated',
    'drone:*:updated',
    'drone:../etc:updated',
    'drone:-DRN:updated',
    'drone:Dröhne:updated',
    'drone:\u0000:updated',
    `drone:${'x'.repeat(65)}:updated`,
    'drones:DRN-1:updated',
    'Drone:DRN-1:updated',
    ' drone:DRN-1:updated',
    'system',
    'system:',
    'systems:x',
    'incidents:all',
    'constructor:x:y',
    '__proto__:x:y',
  ];
  for (const channel of channels) t.equal(parseChannel(channel), undefined, JSON.stringify(channel));
});

t.test('three kinds have a copy', async (t) => {
  const copies = Object.fromEntries(
    DRONE_KINDS.map((kind) => [kind, copyChannel(droneChannel('DRN-1', kind))]),
  );
  t.same(copies, {
    created: 'drone:all:created',
    updated: undefined,
    deleted: 'drone:all:deleted',
    stream: undefined,
    ai: undefined,
    config: undefined,
    incident: 'incidents:all',
  });
  for (const copy of Object.values(copies)) if (copy) t.ok(isCopyChannel(copy), copy);
});

t.test('nothing else is a copy or has one', async (t) => {
  const channels = [
    SYSTEM_BROADCAST_CHANNEL,
    'system:created',
    'created',
    'drone:DRN-1:constructor',
    'drone:DRN-1:toString',
    'drone:DRN-1:__proto__',
    'drone:DRN-1:',
  ];
  for (const channel of channels) t.equal(copyChannel(channel), undefined, channel);
  for (const channel of [...channels, 'drone:DRN-1:created', 'drone:all:updated', 'incidents:DRN-1', '']) {
    t.equal(isCopyChannel(channel), false, channel);
  }
});

t.test('the patterns cover every channel with a route', async (t) => {
  const prefixes = CHANNEL_PATTERNS.map((pattern) => pattern.slice(0, -1));
  for (const channel of [...DRONE_KINDS.map((kind) => droneChannel('A', kind)), 'drone:all:x', 'system:x']) {
    t.ok(
      prefixes.some((prefix) => channel.startsWith(prefix)),
      channel,
    );
  }
});
