import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FormatRegistry, type TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import t, { type Test } from 'tap';
import { EARLIER_COMMIT, earlierBuild } from '../../../test/support/earlier-build.js';
import type * as current from '../src/index.js';
import {
  EVENT_SCHEMAS,
  type EventDraft,
  type EventName,
  encodeEvent,
  encodeRelayFrame,
  parseChannel,
  parseCursor,
  RelayFrame,
  withId,
} from '../src/index.js';

FormatRegistry.Set('date-time', (text) => !Number.isNaN(Date.parse(text)));

const FOLDER = new URL('../fixtures/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
const relayFixture = (event: string): string => event.replace('relay.', 'relay-');

type EventFixture = EventDraft & { readonly id: string };
const events = Object.entries(EVENT_SCHEMAS);
const relayEvents = RelayFrame.anyOf.map(({ properties }) => properties.event.const);

/** What an event's channel must lead to. */
const ROUTES: Readonly<Record<EventName, string>> = {
  'drone.created': 'created',
  'drone.updated': 'updated',
  'drone.stream.status': 'stream',
  'drone.ai.detection.toggled': 'ai',
  'drone.detection.classes.changed': 'config',
  'drone.deleted': 'deleted',
  'drone.incident.detected': 'incident',
  'system.broadcast': 'system',
};

function validates(t: Test, schema: TSchema, value: unknown, name: string): void {
  const errors = [...Value.Errors(schema, value)].map(({ path, message }) => `${path}: ${message}`);
  t.same(errors, [], name);
}

t.test('every event and every relay frame has a fixture, and no fixture is orphaned', async (t) => {
  const names = [...events.map(([name]) => name), ...relayEvents.map(relayFixture)];
  t.same(readdirSync(FOLDER).sort(), names.map((name) => `${name}.json`).sort());
});

for (const [name, schema] of events) {
  t.test(name, async (t) => {
    const fixture = read(name) as EventFixture;
    validates(t, schema, fixture, 'it validates');
    t.equal(fixture.event, name);

    const { id, ...draft } = fixture;
    t.ok(parseCursor(id), 'its id is a cursor');
    const { channel, body } = encodeEvent(draft as EventDraft);
    t.equal(channel, fixture.channel);
    t.equal(withId(id, body), JSON.stringify(fixture), 'encoding gives its text, id first');

    const serialNumber = 'serialNumber' in fixture ? fixture.serialNumber : undefined;
    const kind = ROUTES[fixture.event];
    t.same(
      parseChannel(channel),
      serialNumber ? { scope: 'drone', serialNumber, kind } : { scope: 'system', kind },
      'its channel leads to its subject',
    );
  });

  t.test(`${name}: each member but the actor is required, and no other event passes for it`, async (t) => {
    const fixture = read(name) as Record<string, unknown>;
    for (const member of Object.keys(fixture)) {
      const { [member]: _, ...rest } = fixture;
      t.equal(Value.Check(schema, rest), member === 'actor', `without ${member}`);
    }
    for (const [other] of events.filter(([other]) => other !== name)) {
      t.notOk(Value.Check(schema, read(other)), other);
    }
  });
}

for (const event of relayEvents) {
  t.test(event, async (t) => {
    const fixture = read(relayFixture(event)) as RelayFrame;
    const schema = RelayFrame.anyOf.find(({ properties }) => properties.event.const === event);
    if (schema) validates(t, schema, fixture, 'it validates');
    t.ok(Value.Check(RelayFrame, fixture));
    t.equal(encodeRelayFrame(fixture), JSON.stringify(fixture));
    t.notOk('id' in fixture, 'only events have an id');
    if ('cursor' in fixture.data) t.ok(parseCursor(fixture.data.cursor));
  });
}

t.test('the fixtures of one PATCH share its revision and follow each other', async (t) => {
  const names = [
    'drone.updated',
    'drone.stream.status',
    'drone.ai.detection.toggled',
    'drone.detection.classes.changed',
  ];
  const fixtures = names.map((name) => read(name) as EventFixture & { revision: number });
  t.equal(new Set(fixtures.map(({ revision, timestamp }) => `${revision} ${timestamp}`)).size, 1);
  const places = fixtures.map(({ id }) => parseCursor(id)?.id.n);
  t.same(places, [0, 1, 2, 3]);
});

t.test('an actor is what the claim sub may be', async (t) => {
  for (const [name, schema] of events) {
    const fixture = read(name) as Record<string, unknown>;
    for (const [actor, isAllowed] of [
      ['a', true],
      ['x'.repeat(256), true],
      ['x'.repeat(257), false],
      ['', false],
      [null, false],
      [7, false],
    ] as const)
      t.equal(Value.Check(schema, { ...fixture, actor }), isAllowed, `${name}: ${String(actor).slice(0, 3)}`);
  }
});

t.test('the schemas of before take an event that has an actor', async (t) => {
  const folder = await earlierBuild(t, EARLIER_COMMIT);
  if (folder === undefined) return;
  const before: typeof current = await import(join(folder, 'packages/events/dist/index.js'));
  for (const [name, schema] of Object.entries(before.EVENT_SCHEMAS)) {
    const fixture = read(name) as { actor: string };
    const { actor, ...rest } = fixture;
    t.type(actor, 'string');
    // Before, a serial number could have no colon.
    const paths = [...Value.Errors(schema, fixture)].map(({ path }) => path);
    t.same(
      paths.filter((path) => !path.endsWith('/serialNumber')),
      [],
      name,
    );
    t.equal(Value.Check(schema, fixture), Value.Check(schema, rest), name);
  }
});

t.test('a secret has no place in changes', async (t) => {
  const fixture = read('drone.updated') as Record<string, unknown> & { data: Record<string, unknown> };
  const withSecret = (part: 'changes' | 'previous', streamCredentials: unknown) => ({
    ...fixture,
    data: { ...fixture.data, [part]: { streamCredentials } },
  });
  for (const part of ['changes', 'previous'] as const) {
    t.ok(Value.Check(EVENT_SCHEMAS['drone.updated'], withSecret(part, '[redacted]')), part);
    for (const secret of ['hunter2', '', '[REDACTED]', { password: 'hunter2' }, {}, null, ['[redacted]']]) {
      const value = withSecret(part, secret);
      t.notOk(Value.Check(EVENT_SCHEMAS['drone.updated'], value), `${part}: ${JSON.stringify(secret)}`);
    }
  }
});
