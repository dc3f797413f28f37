import { EVENT_SCHEMAS, type EventMessage, type EventName, withId } from '@dronecast/events';
import { registerFormats } from '@dronecast/runtime';
import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { diff } from '../src/drone/diff.js';
import type { Drone } from '../src/drone/drone.js';
import { createdEvents, deletedEvents, incidentEvents, updatedEvents } from '../src/drone/drone-events.js';
import type { DronePatch } from '../src/drone/drone-input.js';
import { applyPatch } from '../src/drone/edit.js';
import { toPublic } from '../src/drone/redact.js';
import { arbitraryDrone, arbitraryPatch } from './arbitrary-drone.js';
import { fullDrone, sampleDrone, sampleIncident } from './samples.js';

registerFormats();

const NOW = '2026-05-01T12:00:00.000Z';
const ACTOR = 'operator-7';
const drone = fullDrone('DRN-1');

interface Envelope {
  readonly event: EventName;
  readonly channel: string;
  readonly revision: number;
  readonly actor?: string;
  readonly data: Record<string, unknown>;
}

const parse = ({ body }: EventMessage): Envelope => JSON.parse(body) as Envelope;

function patchEvents(before: Drone, patch: DronePatch): EventMessage[] {
  const after = applyPatch(before, patch, NOW);
  const difference = diff(before, after);
  return difference ? updatedEvents(before, after, difference, ACTOR) : [];
}

/** Whether a client gets what the schemas promise. */
function isPromised(message: EventMessage): boolean {
  const event: unknown = JSON.parse(withId('0123456789ab.1-0', message.body));
  const { event: name, channel } = event as Envelope;
  return channel === message.channel && Value.Check(EVENT_SCHEMAS[name], event);
}

function allPromised(t: Test, messages: EventMessage[]): void {
  for (const message of messages) t.ok(isPromised(message), message.channel);
}

t.test('register', async (t) => {
  const messages = createdEvents(drone, ACTOR);
  allPromised(t, messages);
  t.strictSame(messages.map(parse), [
    {
      type: 'drone:event',
      event: 'drone.created',
      channel: 'drone:DRN-1:created',
      serialNumber: 'DRN-1',
      revision: 7,
      timestamp: drone.createdAt,
      actor: ACTOR,
      data: { serialNumber: 'DRN-1', droneId: drone.id, full: toPublic(drone) },
    },
  ]);
});

t.test('delete counts as a revision', async (t) => {
  const messages = deletedEvents(drone, NOW, ACTOR);
  allPromised(t, messages);
  t.strictSame(messages.map(parse), [
    {
      type: 'drone:event',
      event: 'drone.deleted',
      channel: 'drone:DRN-1:deleted',
      serialNumber: 'DRN-1',
      revision: 8,
      timestamp: NOW,
      actor: ACTOR,
      data: { serialNumber: 'DRN-1', droneId: drone.id },
    },
  ]);
});

t.test('incident, at the revision of its drone', async (t) => {
  const incident = sampleIncident('DRN-1', { createdAt: NOW, classId: 0, confidence: 1, label: 'person' });
  const messages = incidentEvents(drone, incident, ACTOR);
  allPromised(t, messages);
  t.strictSame(messages.map(parse), [
    {
      type: 'drone:event',
      event: 'drone.incident.detected',
      channel: 'drone:DRN-1:incident',
      serialNumber: 'DRN-1',
      revision: 7,
      timestamp: NOW,
      actor: ACTOR,
      data: { serialNumber: 'DRN-1', droneId: drone.id, incident },
    },
  ]);
  allPromised(t, incidentEvents({ ...drone, revision: 0 }, sampleIncident('DRN-1'), undefined));
});

t.test('update', async (t) => {
  const messages = patchEvents(drone, { deviceName: 'New', metadata: { alias: 'south' } });
  allPromised(t, messages);
  const after = { ...drone, deviceName: 'New', metadata: { ...drone.metadata, alias: 'south' } };
  t.strictSame(messages.map(parse), [
    {
      type: 'drone:event',
      event: 'drone.updated',
      channel: 'drone:DRN-1:updated',
      serialNumber: 'DRN-1',
      revision: 8,
      timestamp: NOW,
      actor: ACTOR,
      data: {
        serialNumber: 'DRN-1',
        droneId: drone.id,
        changes: { deviceName: 'New', metadata: { alias: 'south' } },
        previous: { deviceName: drone.deviceName, metadata: { alias: 'north gate' } },
        full: { ...toPublic(after), updatedAt: NOW, revision: 8 },
      },
    },
  ]);
});

t.test('an update with all its specific events, in order, with one revision', async (t) => {
  const before = sampleDrone('DRN-1', { detectionClasses: [1] });
  const messages = patchEvents(before, {
    detectionClasses: [0, 2],
    isUsingAiDetection: true,
    streamIsOn: true,
    streamUrl: 'rtsp://pilot:sesame@cam/1',
  });
  allPromised(t, messages);
  const events = messages.map(parse);
  t.same(
    events.map(({ event, revision, actor }) => [event, revision, actor]),
    [
      ['drone.updated', 2, ACTOR],
      ['drone.stream.status', 2, ACTOR],
      ['drone.ai.detection.toggled', 2, ACTOR],
      ['drone.detection.classes.changed', 2, ACTOR],
    ],
  );
  const about = { serialNumber: 'DRN-1', droneId: before.id };
  t.strictSame(
    events.slice(1).map(({ channel, data }) => [channel, data]),
    [
      [
        'drone:DRN-1:stream',
        { ...about, streamIsOn: true, previousStatus: false, streamUrl: 'rtsp://***@cam/1' },
      ],
      [
        'drone:DRN-1:ai',
        { ...about, isUsingAiDetection: true, previousStatus: false, detectionClasses: [0, 2] },
      ],
      ['drone:DRN-1:config', { ...about, detectionClasses: [0, 2], previousClasses: [1] }],
    ],
  );
});

t.test('a change of credentials is told, not shown', async (t) => {
  const messages = patchEvents(drone, { streamCredentials: { password: 'open', userName: 'crew' } });
  allPromised(t, messages);
  t.match(messages.map(parse), [
    { data: { changes: { streamCredentials: '[redacted]' }, previous: { streamCredentials: '[redacted]' } } },
  ]);
  t.notMatch(messages[0]?.body, /open|crew|sesame|pilot/);
});

t.test('the actor stands before the data, and is absent where no token is asked for', async (t) => {
  const updates = (actor: string | undefined) => {
    const after = applyPatch(drone, { streamIsOn: !drone.streamIsOn }, NOW);
    const difference = diff(drone, after);
    return difference ? updatedEvents(drone, after, difference, actor) : [];
  };
  const incident = sampleIncident('DRN-1');
  for (const actor of [undefined, 'a', '\u2028\u0000"\\,"data":{', 'x'.repeat(256)]) {
    const messages = [
      ...createdEvents(drone, actor),
      ...updates(actor),
      ...deletedEvents(drone, NOW, actor),
      ...incidentEvents(drone, incident, actor),
    ];
    allPromised(t, messages);
    for (const message of messages) {
      const names = Object.keys(parse(message));
      t.same(
        names.slice(-3),
        actor === undefined ? ['revision', 'timestamp', 'data'] : ['timestamp', 'actor', 'data'],
      );
      t.equal(parse(message).actor, actor);
    }
  }
});

t.test('a patch that changes nothing has no events', async (t) => {
  t.same(patchEvents(drone, {}), []);
  t.same(
    patchEvents(drone, { metadata: {}, streamCredentials: { port: 9554 }, deviceCategory: 'Body Cam' }),
    [],
  );
  fc.assert(
    fc.property(arbitraryDrone, arbitraryPatch, (before, patch) => {
      const after = applyPatch(before, patch, NOW);
      return patchEvents(after, patch).length === 0;
    }),
  );
});

t.test('any patch makes events that the schemas promise, the update first', async () => {
  fc.assert(
    fc.property(arbitraryDrone, arbitraryPatch, (before, patch) => {
      const messages = patchEvents(before, patch);
      const events = messages.map(parse);
      return (
        messages.every(isPromised) &&
        events.every(({ event }, i) => (event === 'drone.updated') === (i === 0)) &&
        events.every(({ revision }) => revision === before.revision + 1)
      );
    }),
    { numRuns: 500 },
  );
});

t.test('no event ever shows a secret', async () => {
  const secret = 'S3cr3t';
  const secrets = {
    streamCredentials: { userName: secret, password: secret, port: '8554' },
    streamUrl: `rtsp://pilot:${secret}@cam/1`,
    webRTCUrl: `https://${secret}@media/whep?src=rtsp://pilot:${secret}@cam/1`,
  };
  fc.assert(
    fc.property(arbitraryDrone, fc.boolean(), arbitraryPatch, (plain, isBefore, patch) => {
      const hidden = { ...plain, ...secrets };
      const messages = [
        ...createdEvents(hidden, ACTOR),
        ...patchEvents(isBefore ? hidden : plain, isBefore ? patch : { ...patch, ...secrets }),
        ...incidentEvents(hidden, sampleIncident('DRN-1'), ACTOR),
        ...deletedEvents(hidden, NOW, ACTOR),
      ];
      return messages.every(({ body }) => !body.includes(secret));
    }),
  );
});
