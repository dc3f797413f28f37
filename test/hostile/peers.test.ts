import { once } from 'node:events';
import { connect } from 'node:net';
import { createRedisBus } from '@dronecast/bus';
import { type DroneKind, droneChannel, encodeEvent } from '@dronecast/events';
import t, { type Test } from 'tap';
import { fits, type Pod, startPod } from '../support/pod.js';
import { until } from '../support/queue.js';
import { requiresRedis, startRedis } from '../support/redis-server.js';
import { connectSocket, type SocketClient } from '../support/socket-client.js';

const skip = !requiresRedis(t) && 'no server';
const EVENT_BYTES = 100_000;

/** An event of about 100 KB. */
function createEvent(serialNumber: string, revision: number, kind: DroneKind = 'updated') {
  const channel = droneChannel(serialNumber, kind);
  const timestamp = new Date().toISOString();
  const data = { serialNumber, text: 'x'.repeat(EVENT_BYTES) };
  const event = { type: 'drone:event', event: 'drone.updated', channel, serialNumber, revision, timestamp };
  return encodeEvent({ ...event, data } as never);
}

/** Publishes events of one drone, `from` to `to`; `onPublished` is waited for after each. */
async function publish(
  t: Test,
  url: string,
  serialNumber: string,
  [from, to]: readonly [from: number, to: number],
  onPublished = async (_revision: number): Promise<void> => {},
): Promise<void> {
  const bus = createRedisBus({ url, maxBytes: 2 ** 31, log: { info() {}, warn() {} } });
  t.teardown(() => bus.close());
  await until(() => bus.isReady());
  for (let revision = from; revision <= to; revision += 1) {
    const entries = [{ seq: revision, events: [createEvent(serialNumber, revision)] }];
    await bus.publish([{ key: serialNumber, entries }]);
    await onPublished(revision);
  }
}

/** Upgrades to a WebSocket, or asks for a stream or a poll, and then reads nothing. */
async function connectDeaf(t: Test, { port }: Pod, path: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  socket.pause();
  const upgrade = path.startsWith('/ws')
    ? 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
    : '';
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${upgrade}\r\n`);
}

const peersOf = async ({ url }: Pod): Promise<number> =>
  ((await (await fetch(`${url}/health/ready`)).json()) as { peers: number }).peers;

const oneTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

/** Of the next events, however long they take, as long as they come. */
async function takeRevisions({ frames }: SocketClient, count: number): Promise<number[]> {
  const revisions: number[] = [];
  while (revisions.length < count) {
    const { revision } = await frames.next();
    if (revision !== undefined) revisions.push(revision);
  }
  return revisions;
}

t.test('clients that read nothing, while others publish much', { skip }, async (t) => {
  const redis = await startRedis(t);
  const relay = await startPod(t, 'relay', { REDIS_URL: redis.url, HEARTBEAT_MS: '600000' });
  for (const path of ['/ws/events', '/sse/events', '/ws/events?sn=LOUD'])
    for (let n = 0; n < 200; n += 1) await connectDeaf(t, relay, path);
  await until(async () => (await peersOf(relay)) === 600);
  const honest = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events`);

  const seen: number[] = [];
  await publish(t, redis.url, 'LOUD', [1, 300], async () => {
    seen.push(...(await takeRevisions(honest, 1)));
  });
  t.same(seen, oneTo(300), 'an honest client gets each event once');
  fits(t, relay);
});

t.test('clients that resume far behind and then read nothing', { skip }, async (t) => {
  const redis = await startRedis(t);
  const relay = await startPod(t, 'relay', { REDIS_URL: redis.url, HEARTBEAT_MS: '600000' });
  const early = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events`);
  early.socket.terminate();
  const since = early.greeting.cursor;
  await publish(t, redis.url, 'PAST', [1, 1500]);

  for (const path of ['/ws/events', '/sse/events', '/poll/events'])
    for (let n = 0; n < 200; n += 1) await connectDeaf(t, relay, `${path}?since=${since}`);
  const honest = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events?since=${since}`);
  t.same(await takeRevisions(honest, 1500), oneTo(1500), 'an honest client gets each event once');
  await publish(t, redis.url, 'PAST', [1501, 1900]);
  t.notMatch(relay.output(), 'connection lost', 'the event loop was never held up for long');
  fits(t, relay);
});

t.test('clients that follow many prefixes, and change them all the time', { skip }, async (t) => {
  const redis = await startRedis(t);
  const relay = await startPod(t, 'relay', { REDIS_URL: redis.url, HEARTBEAT_MS: '600000' });
  const url = `ws://127.0.0.1:${relay.port}/ws/events`;
  const prefixes = (n: number): string[] =>
    Array.from({ length: 100 }, (_, i) => `P${n}-${i}`.padEnd(8 + (i % 50), 'x').concat('*'));
  const honest = await connectSocket(t, url);
  const stormers = await Promise.all(
    Array.from({ length: 300 }, (_, n) => connectSocket(t, `${url}?sn=${prefixes(n).join()}`)),
  );
  for (let round = 0; round < 40; round += 1) {
    const stormer = stormers[round % stormers.length];
    stormer?.say({ action: 'unsubscribe', sn: prefixes(round) });
    stormer?.say({ action: 'subscribe', sn: prefixes(1000 + round) });
  }
  const start = performance.now();
  honest.say({ action: 'ping' });
  t.equal((await honest.frames.next()).event, 'relay.pong');
  const waitedMs = performance.now() - start;
  t.ok(waitedMs < 1000, `a ping waits ${waitedMs.toFixed(0)} ms`);
  fits(t, relay);
});
