import { KINDS, type Kind, type Route } from '@dronecast/events';
import fc from 'fast-check';
import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { EVERYTHING, type Filter, subscribe } from '../src/hub/filter.js';
import { createHub } from '../src/hub/hub.js';
import { matches } from './matches.js';

const UNCOUNTED = { traffic: { deliveries: 0, writes: 0, bytes: 0 }, written() {} };

const FRAME_BYTES = 4;

function frame(number: number): Buffer {
  const buffer = Buffer.alloc(FRAME_BYTES);
  buffer.writeUInt32BE(number);
  return buffer;
}

function createMember(filter: Filter) {
  const got: number[] = [];
  let writes = 0;
  return {
    filter,
    got,
    writes: () => writes,
    send(frames: Buffer): void {
      writes += 1;
      for (let at = 0; at < frames.length; at += FRAME_BYTES) got.push(frames.readUInt32BE(at));
    },
  };
}
type Member = ReturnType<typeof createMember>;

const drone = (serialNumber: string, kind: Kind = 'updated'): Route => ({
  scope: 'drone',
  serialNumber,
  kind,
});

t.test('events of one turn of the event loop go out in one write, without a wait', async (t) => {
  const hub = createHub<Member>({ ...UNCOUNTED, windowMs: 60_000 });
  const [all, other, own] = [EVERYTHING, EVERYTHING, subscribe(EVERYTHING, { sn: ['A'] })].map(
    createMember,
  ) as [Member, Member, Member];
  for (const member of [all, other, own]) hub.join(member);
  hub.publish(drone('A'), frame(1));
  hub.publish(drone('B'), frame(2));
  t.same(all.got, [], 'not before the turn ends');
  await until(() => all.got.length === 2);
  t.same([all.writes(), other.writes(), own.writes()], [1, 1, 1]);
  t.same(own.got, [1]);
});

t.test('events in short order go out in one write', async (t) => {
  const hub = createHub<Member>({ ...UNCOUNTED, windowMs: 1000 });
  const member = createMember(EVERYTHING);
  hub.join(member);
  hub.publish(drone('A'), frame(1));
  await until(() => member.got.length === 1);
  for (let number = 2; number <= 10; number += 1) {
    hub.publish(drone('A'), frame(number));
    await new Promise(setImmediate);
  }
  t.equal(member.writes(), 1);
  await until(() => member.got.length === 10);
  t.equal(member.writes(), 2);
});

t.test('once writing takes its share of the time, even the first waits for others', async (t) => {
  const hub = createHub<Member>({ ...UNCOUNTED, windowMs: 20 });
  const member = createMember(EVERYTHING);
  hub.join(member);
  const { send } = member;
  member.send = (frames) => {
    for (const end = performance.now() + 100; performance.now() < end; );
    send(frames);
  };
  hub.publish(drone('A'), frame(1));
  await until(() => member.got.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  hub.publish(drone('A'), frame(2));
  await new Promise(setImmediate);
  hub.publish(drone('A'), frame(3));
  await until(() => member.got.length === 3);
  t.equal(member.writes(), 2);
});

t.test(
  'who joins, leaves or asks in the middle of a window misses nothing and gets nothing twice',
  async (t) => {
    const hub = createHub<Member>({ ...UNCOUNTED, windowMs: 10_000 });
    const [first, late, leaver, changer] = [EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING].map(
      createMember,
    ) as [Member, Member, Member, Member];
    for (const member of [first, leaver, changer]) hub.join(member);
    hub.publish(drone('A'), frame(0));
    await until(() => first.got.length === 1);

    hub.publish(drone('A'), frame(1));
    hub.join(late);
    t.same([first.got, late.got], [[0, 1], []]);
    hub.publish(drone('A'), frame(2));
    hub.leave(leaver);
    hub.settle(late);
    t.same([first.got, late.got, leaver.got], [[0, 1, 2], [2], [0, 1]]);
    hub.publish(drone('A'), frame(3));
    hub.refilter(changer, () => Object.assign(changer, { filter: subscribe(EVERYTHING, { sn: ['B'] }) }));
    t.same(changer.got, [0, 1, 2, 3], 'under the old filter');
    hub.publish(drone('A'), frame(4));
    hub.publish(drone('B'), frame(5));
    hub.announce(frame(6));
    for (const member of [first, late, changer]) hub.settle(member);
    t.same(first.got, [0, 1, 2, 3, 4, 5, 6]);
    t.same(changer.got, [0, 1, 2, 3, 5, 6]);
    hub.leave(first);
    hub.leave(late);
    hub.leave(changer);
  },
);

t.test('a member comes and goes in the same time, however many prefixes others follow', async (t) => {
  const hub = createHub<Member>({ ...UNCOUNTED, windowMs: 0 });
  const members = Array.from({ length: 400 }, (_, member) =>
    createMember(
      subscribe(EVERYTHING, { sn: Array.from({ length: 100 }, (_, name) => `${member}-${name}-*`) }),
    ),
  );
  // Seconds for each thousand of prefixes, when each one that comes or goes is an occasion to look at all of them.
  const startedAt = performance.now();
  for (const member of members) hub.join(member);
  for (const member of members.slice(1)) hub.leave(member);
  const tookMs = performance.now() - startedAt;
  t.ok(tookMs < 3000, `${tookMs.toFixed(0)} ms for 40,000 prefixes`);
  hub.publish(drone('0-99-x'), frame(1));
  hub.publish(drone('1-99-x'), frame(2));
  const [first, second] = members as [Member, Member];
  hub.settle(first);
  t.same([first.got, second.got], [[1], []]);
});

t.test('whatever members want and do, each gets what matches, once, in order', async (t) => {
  const name = fc.constantFrom('A', 'AB', 'ABC', 'B', 'BC', 'A*', 'AB*', 'C*', '*');
  const filter = fc
    .record({
      sn: fc.array(name, { maxLength: 3 }),
      events: fc.array(fc.constantFrom(...KINDS), { maxLength: 2 }),
    })
    .map((wanted) => subscribe(EVERYTHING, wanted));
  const route = fc.oneof(
    fc.record({
      scope: fc.constant('drone' as const),
      serialNumber: fc.constantFrom('A', 'AB', 'ABC', 'B', 'BC', 'CD'),
      kind: fc.constantFrom<Kind>('updated', 'stream', 'incident'),
    }),
    fc.constant<Route>({ scope: 'system', kind: 'system' }),
    fc.constant<Route>({ scope: 'fleet', kind: 'created' }),
  );
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), route }) },
    fc.record({ do: fc.constant('join' as const), filter }),
    fc.record({ do: fc.constant('leave' as const), who: fc.nat(9) }),
    fc.record({ do: fc.constant('refilter' as const), who: fc.nat(9), filter }),
    fc.record({ do: fc.constant('settle' as const), who: fc.nat(9) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const hub = createHub<Member>({ ...UNCOUNTED, windowMs: 0 });
      const members: Member[] = [];
      const expected = new Map<Member, number[]>();
      for (const [number, action] of steps.entries()) {
        if (action.do === 'publish') {
          for (const member of members)
            if (matches(member.filter, action.route)) expected.get(member)?.push(number);
          hub.publish(action.route, frame(number));
          continue;
        }
        if (action.do === 'join') {
          const member = createMember(action.filter);
          members.push(member);
          expected.set(member, []);
          hub.join(member);
          continue;
        }
        const member = members[action.who];
        if (!member) continue;
        if (action.do === 'settle') hub.settle(member);
        else if (action.do === 'refilter')
          hub.refilter(member, () => Object.assign(member, { filter: action.filter }));
        else {
          hub.settle(member);
          hub.leave(member);
          members.splice(action.who, 1);
        }
      }
      for (const member of members) hub.settle(member);
      for (const [member, numbers] of expected) {
        if (JSON.stringify(member.got) !== JSON.stringify(numbers)) return false;
      }
      return true;
    }),
    { numRuns: 2000 },
  );
  t.pass();
});
