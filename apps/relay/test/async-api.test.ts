import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { signToken } from '@dronecast/auth';
import type { EventBus, LiveListener } from '@dronecast/bus';
import { EVENT_SCHEMAS, RelayFrame } from '@dronecast/events';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { connectSocket, type Frame } from '../../../test/support/socket-client.js';
import { buildRelay, createBus, type TestRelay } from './build-relay.js';

const SECRET = 'a secret that is long enough for tests';
const AUTH = { mode: 'secret', secret: SECRET, issuer: undefined, audience: 'dronecast' } as const;
const FIXTURES = new URL('../../../packages/events/fixtures/', import.meta.url);

interface AsyncApi {
  readonly components: { messages: Record<string, { payload: object }> };
}

const documentOf = async ({ app }: TestRelay): Promise<AsyncApi> =>
  (await app.inject('/asyncapi.json')).json();

const tokenFor = (expiresInSeconds: number): Promise<string> =>
  signToken(
    {
      ...{ sub: 'ops', scope: 'events:read', drones: 'DRN-*,AC:CC:*', iss: undefined },
      aud: 'dronecast',
      expiresInSeconds,
    },
    SECRET,
  );

/** What the document says of each message. */
function createValidators({ components }: AsyncApi) {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return new Map(
    Object.entries(components.messages).map(([name, { payload }]) => [name, ajv.compile(payload)]),
  );
}

t.test('the document is valid, by the official parser', async (t) => {
  const document = await documentOf(await buildRelay(t));
  const { diagnostics } = await new Parser().parse(JSON.stringify(document));
  t.same(diagnostics, []);
});

t.test('a frame of each kind, as it comes over the wire, is what the document says', async (t) => {
  const bus = createBus();
  let listener: LiveListener | undefined;
  const open: EventBus = {
    ...bus,
    subscribe(own) {
      listener = own;
      return bus.subscribe(own);
    },
  };
  const relay = await buildRelay(t, { auth: AUTH, heartbeatMs: 1000 }, open);
  const validators = createValidators(await documentOf(relay));
  const headers = { authorization: `Bearer ${await tokenFor(20)}` };
  const seen = new Map<string, Frame>();
  const see = (frame: Frame): void => {
    seen.set(frame.foreign ? 'foreign' : (frame.event ?? '?'), frame);
  };

  const client = await connectSocket(t, `${relay.url}?since=nonsense`, { headers });
  see({ type: 'relay', event: 'relay.connected', data: client.greeting });
  const poll = fetch(`http://127.0.0.1:${relay.port}/poll/events`, { headers });
  await until(async () => JSON.parse((await relay.app.inject('/health/ready')).body).peers === 2);
  for (const name of Object.keys(EVENT_SCHEMAS)) {
    const { id, ...event } = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
    const message = { channel: event.channel, body: JSON.stringify(event) };
    await bus.publish([{ key: `fixture-${name}`, entries: [{ seq: 1, events: [message] }] }]);
  }
  listener?.message('drone:DRN-0042:weather', Buffer.from('{"wind":7}'));
  client.say({ action: 'subscribe', sn: ['DRN-0042', 'X'] });
  client.say({ action: 'ping' });

  const expected = [
    ...Object.keys(EVENT_SCHEMAS),
    'foreign',
    ...RelayFrame.anyOf.map(({ properties }) => properties.event.const),
  ];
  /** All but the last one, with the warning that the token ends before it is renewed. */
  while (seen.size < expected.length - 1) {
    const frame = await client.frames.next();
    see(frame);
    if (frame.event === 'relay.expiring') client.say({ action: 'authenticate', token: await tokenFor(3600) });
  }
  const closed = relay.app.close();
  see(await client.frames.find(({ event }) => event === 'relay.draining'));
  await closed;
  t.same([...seen.keys()].sort(), expected.sort());
  for (const [name, frame] of seen) {
    const validate = validators.get(name);
    t.ok(validate?.(frame), `${name} ${JSON.stringify(validate?.errors)}`);
    t.notOk(validate?.({ ...frame, data: 'something else' }), `${name} could be wrong`);
  }
  const validate = validators.get('poll-answer');
  t.ok(validate?.(await (await poll).json()), JSON.stringify(validate?.errors));
});
