import { type Access, AuthError, EVERYTHING_ALLOWED } from '@dronecast/auth';
import { CloseCode } from '@dronecast/events';
import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { EVERYTHING } from '../src/hub/filter.js';
import { createPeer } from '../src/peer/peer.js';
import { createSession, type SessionDependencies } from '../src/peer/session.js';
import { createFakeTransport } from './fake-transport.js';

const ACCESS: Access = { ...EVERYTHING_ALLOWED, subject: 'ops', expiresAt: Date.now() + 60_000 };

/** A session of a client that may see everything, on parts that do nothing but what a test gives them. */
function openSession(parts: Partial<SessionDependencies> = {}) {
  const fake = createFakeTransport();
  const failures: unknown[] = [];
  const peer = createPeer(fake.transport, EVERYTHING, (_clientId, error) => failures.push(error));
  const grant = { filter: EVERYTHING, restricted: EVERYTHING, forbidden: [], access: ACCESS };
  const hear = createSession(peer, grant, {
    refilter: (_peer, filter) => {
      peer.filter = filter;
    },
    cursor: () => 'here',
    authenticate: async () => ACCESS,
    renewed() {},
    turn: async () => {},
    framesPerSecond: 10_000,
    ...parts,
  });
  return {
    ...fake,
    failures,
    say: (message: unknown): void => hear(Buffer.from(JSON.stringify(message)), false),
    events: () => fake.told.map(({ event }) => event),
  };
}

/** A promise that is settled from outside. */
function createGate<T>() {
  let open: (value: T) => void = () => {};
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

t.test('an error that nobody expected ends the client that it happened to, once', async (t) => {
  for (const [title, parts, message] of [
    [
      'a renewal',
      { authenticate: () => Promise.reject(new TypeError('boom')) },
      { action: 'authenticate', token: 'x' },
    ],
    [
      'a change of the filter',
      {
        refilter: () => {
          throw new TypeError('boom');
        },
      },
      { action: 'subscribe', sn: ['A'] },
    ],
    [
      'an answer',
      {
        cursor: () => {
          throw new TypeError('boom');
        },
      },
      { action: 'ping' },
    ],
  ] as const) {
    const { say, closedWith, failures, told } = openSession(parts);
    for (let count = 0; count < 3; count += 1) say(message);
    await until(() => closedWith() !== undefined);
    await new Promise(setImmediate);
    t.equal(closedWith(), CloseCode.INTERNAL_ERROR, title);
    t.match(failures, [{ message: 'boom' }], `${title} is reported once`);
    t.equal(failures.length, 1);
    t.same(told, [], 'what it said afterwards is not answered');
  }
});

t.test('a renewal that ends after its client has left sets nothing again', async (t) => {
  const gate = createGate<Access>();
  let renewals = 0;
  let changes = 0;
  const { say, leave, told } = openSession({
    authenticate: () => gate.passed,
    renewed() {
      renewals += 1;
    },
    refilter() {
      changes += 1;
    },
  });
  say({ action: 'authenticate', token: 'x' });
  leave();
  gate.open(ACCESS);
  await new Promise(setImmediate);
  t.same({ renewals, changes, told }, { renewals: 0, changes: 0, told: [] });
});

t.test('what a client says during a renewal is answered after it, in order', async (t) => {
  const gate = createGate<Access>();
  const { say, events } = openSession({ authenticate: () => gate.passed });
  say({ action: 'authenticate', token: 'x' });
  say({ action: 'subscribe', sn: ['A'] });
  say({ action: 'ping' });
  await new Promise(setImmediate);
  t.same(events(), []);
  gate.open(ACCESS);
  await until(() => events().length === 3);
  t.same(events(), ['relay.authenticated', 'relay.subscribed', 'relay.pong']);
  say({ action: 'ping' });
  t.equal(events().length, 4, 'then it is answered at once again');
});

t.test('what waits to be answered is bounded in bytes', async (t) => {
  const { say, closedWith } = openSession({ authenticate: () => new Promise(() => {}) });
  say({ action: 'authenticate', token: 'x' });
  const names = Array.from({ length: 100 }, (_, index) => `serial-number-${index}`);
  let frames = 0;
  while (closedWith() === undefined && frames < 1000) {
    say({ action: 'subscribe', sn: names });
    frames += 1;
  }
  t.equal(closedWith(), CloseCode.ABUSE);
  t.ok(frames < 64, `${frames} frames of 2 KB`);
});

t.test('a client is not closed for tokens that cannot be checked now', async (t) => {
  const { say, events, closedWith } = openSession({
    authenticate: () => Promise.reject(new AuthError('keys_unavailable', 'later')),
  });
  for (let count = 0; count < 20; count += 1) say({ action: 'authenticate', token: 'x' });
  await until(() => events().length === 20);
  t.equal(closedWith(), undefined);
});
