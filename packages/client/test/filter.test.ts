import { fileURLToPath } from 'node:url';
import { DroneName, KINDS } from '@dronecast/events';
import fc from 'fast-check';
import t from 'tap';
import * as relay from '../../../apps/relay/src/hub/filter.js';
import { readPython } from '../../../test/support/patterns.js';
import {
  check,
  covers,
  type Filter,
  followsNoDrone,
  isSayable,
  narrow,
  toQuery,
  widen,
} from '../src/filter.js';
import { addressOf } from '../src/transports/http.js';
import { startFakeRelay } from './support/fake-relay.js';
import { connectQuickly, follow } from './support/follow.js';

const passes = (ask: () => unknown): boolean => {
  try {
    ask();
    return true;
  } catch {
    return false;
  }
};

const names = fc.subarray(['A', 'B', 'C*', '*']);
const kinds = fc.subarray([...KINDS]);
const change = fc.record({ action: fc.constantFrom('subscribe', 'unsubscribe'), sn: names, events: kinds });

const words = ({ sn, events }: Filter) => ({
  sn: [...(sn ?? ['*'])].sort(),
  events: [...(events ?? KINDS)].sort(),
});
const relayWords = (filter: relay.Filter) => {
  const { sn, events } = relay.describeFilter(filter);
  return { sn: sn.sort(), events: events.sort() };
};

t.test('the client follows its filter as the relay does', async () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
      let ours: Filter = {};
      let theirs = relay.EVERYTHING;
      /** Connected by a query that can't say what is followed. */
      let isStandIn = false;
      for (const { action, sn, events } of changes) {
        const isSubscribe = action === 'subscribe';
        const change = (): Filter => (isSubscribe ? widen : narrow)(ours, { sn, events });
        if (!passes(change)) continue;
        const canSay: boolean = !isStandIn && (isSubscribe || isSayable(ours, { sn, events }));
        ours = change();
        isStandIn = !canSay && followsNoDrone(ours);
        if (isStandIn) continue;
        if (canSay) theirs = (isSubscribe ? relay.subscribe : relay.unsubscribe)(theirs, { sn, events });
        else theirs = relay.subscribe(relay.EVERYTHING, ours);
        const [a, b] = [JSON.stringify(words(ours)), JSON.stringify(relayWords(theirs))];
        if (a !== b) throw new Error(`${a} is not ${b}`);
      }
    }),
  );
});

t.test('no kind at all, and what a filter covers', async (t) => {
  t.throws(() => narrow({ events: ['ai'] }, { events: ['ai'] }), RangeError);
  t.same(toQuery({ sn: [] }), { events: 'system' });
  t.equal(covers({}, 'A', ['updated']), true);
  t.equal(covers({ sn: ['B', 'A*'] }, 'AB', ['updated']), true);
  t.equal(covers({ sn: ['B'] }, 'A', ['updated']), false);
  t.equal(covers({ events: ['ai'] }, 'A', ['updated']), false);
});

t.test('what the relay would refuse is refused at once, by field', async (t) => {
  const long = 'x'.repeat(64);
  for (const name of [
    'A',
    long,
    `${long}x`,
    'all',
    'all*',
    '*',
    '',
    '.a',
    'a b',
    'a*b',
    'a  b',
    'AC:CC:8E:0F:12:34',
    'AC:*',
    'AC:',
    'a/b',
    'a-',
    `${long}*`,
    `${long.slice(1)}*`,
  ]) {
    const ask = (): unknown => relay.subscribe(relay.EVERYTHING, { sn: [name] });
    if (passes(ask)) t.doesNotThrow(() => check({ sn: [name] }), name);
    else t.throws(() => check({ sn: [name] }), { name: 'RangeError', message: /^sn: / }, name);
  }
  const many = Array.from({ length: 101 }, (_, index) => `D${index}`);
  t.throws(() => check({ sn: many }), { message: 'sn: at most 100 serial numbers and prefixes' });
  t.throws(() => connectQuickly({ url: 'http://127.0.0.1', events: ['x' as 'ai'] }), {
    message: /^events: x is none/,
  });
});

t.test('the client in Python takes the same names', async (t) => {
  process.chdir(fileURLToPath(new URL('../../..', import.meta.url)));
  const { patterns } = readPython('clients/python/src/dronecast/filter.py');
  t.same(
    patterns.map(({ source }) => source),
    [DroneName.pattern],
  );
});

t.test('a query says a space and a plus apart', async (t) => {
  const attempt = { url: new URL('http://127.0.0.1/base/'), filter: { sn: ['A+B', 'A B', 'a/b#c'] } };
  const { href } = addressOf(attempt as never, 'ws/events', { since: 'e.1-0' });
  t.equal(href, 'http://127.0.0.1/base/ws/events?sn=A%2BB%2CA%20B%2Ca%2Fb%23c&since=e.1-0');
});

t.test('what the relay refuses later is a warning', async (t) => {
  const relay = await startFakeRelay(t);
  const { warnings, states, reached } = follow(t, { url: relay.url });
  const visit = await relay.visits.next();
  visit.greet();
  await reached('live');
  const data = { code: 'forbidden', message: 'What is asked for is not all yours' };
  visit.say({ type: 'relay', event: 'relay.error', data });
  t.match(await warnings.next(), { name: 'RelayError', code: 'forbidden' });
  t.equal(states.length, 0, 'it stays connected');
});

t.test('a client may follow no drone, and take one up later', async (t) => {
  const relay = await startFakeRelay(t);
  const { client, reached } = follow(t, { url: relay.url, sn: [] });
  const first = await relay.visits.next();
  t.equal(`${first.query}`, 'events=system');
  first.greet();
  await reached('live');
  client.subscribe({ sn: ['A'] });
  const second = await relay.visits.next();
  t.equal(second.query.get('sn'), 'A');
  t.equal(second.query.get('events'), null);
  second.greet({ resumed: true });
  await reached('live');
  client.unsubscribe({ sn: ['A'] });
  t.same(await second.said.next(), { action: 'unsubscribe', sn: ['A'] });
  second.socket.terminate();
  t.equal(`${(await relay.visits.next()).query}`, 'events=system&since=e.1-0');
});
