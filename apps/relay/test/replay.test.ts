import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EventBus, HistoryPage } from '@dronecast/bus';
import { CloseCode, type Cursor, formatCursor, type Route, type StreamId } from '@dronecast/events';
import t from 'tap';
import { createArchive } from '../src/history/archive.js';
import { createRing } from '../src/history/ring.js';
import { createTimeSlices, type TimeSlices } from '../src/history/time-slices.js';
import { EVERYTHING, subscribe } from '../src/hub/filter.js';
import { createPeer, type Peer } from '../src/peer/peer.js';
import { createResume } from '../src/peer/resume.js';
import type { Transport } from '../src/peer/transport.js';

const KIB = 1024;
const MIB = 1024 * KIB;
const FRAME_BYTES = KIB;
const EPOCH = 'e';
const START = formatCursor({ epoch: EPOCH, id: { ms: 0, n: 0 } });

const frameOf = (number: number): Buffer => {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32BE(number);
  return frame;
};

/** A transport that keeps what it is sent, as a connection does whose client reads nothing. */
function createTransport(changes: Partial<Transport> = {}) {
  const sent: Buffer[] = [];
  const closes: CloseCode[] = [];
  const transport: Transport = {
    format: { event: (frame) => frame, relay: () => Buffer.alloc(0), ping: Buffer.alloc(0) },
    isOpen: () => closes.length === 0,
    start() {},
    caughtUp() {},
    send: (frames) => void sent.push(frames),
    tell() {},
    isBehind: () => false,
    drained: async () => {},
    expectSign: () => true,
    close: (code) => void closes.push(code),
    terminate() {},
    onClose() {},
    ...changes,
  };
  const numbers = (): number[] => {
    const bytes = Buffer.concat(sent);
    return Array.from({ length: bytes.length / FRAME_BYTES }, (_, index) =>
      bytes.readUInt32BE(index * FRAME_BYTES),
    );
  };
  return { transport, sent, closes, numbers };
}

const peerOf = (transport: Transport, filter = EVERYTHING): Peer => createPeer(transport, filter, () => {});

/** The bus's page of a history of the events 1 to `newest`. */
function pageAfter({ ms }: StreamId, limit: number, newest: number, toText = frameOf): HistoryPage {
  const events = range(ms + 1, Math.min(newest, ms + limit)).map((number) => ({
    id: { ms: number, n: 0 },
    channel: 'drone:A:updated',
    frame: toText(number),
  }));
  const bounds = { floor: { ms: 0, n: 0 }, newest: { ms: newest, n: 0 } };
  return { epoch: EPOCH, ...bounds, isKnown: true, now: Date.now(), events };
}

interface Options {
  readonly ringBytes?: number;
  readonly slices?: TimeSlices;
  readonly routeOf?: (number: number) => Route;
  /** The event after which the ring starts. */
  readonly start?: number;
  readonly read?: EventBus['read'];
}

/** A relay's history, which grows by an event with each `push`, and those who get live events. */
function setUp({
  ringBytes = 4 * MIB,
  slices = createTimeSlices(),
  routeOf = everywhere,
  ...options
}: Options = {}) {
  const { start = 0, read = async (after, limit) => pageAfter(after, limit, newest) } = options;
  let newest = start;
  const ring = createRing(ringBytes);
  const live = new Set<Peer>();
  ring.restart({ ms: start, n: 0 });
  const position = (): Cursor => ({ epoch: EPOCH, id: { ms: newest, n: 0 } });
  const archive = createArchive({ bus: { read }, toFrame: (text) => Buffer.from(text) });
  const resume = createResume({
    ...{ position, ring, archive, slices, tellGap() {} },
    join: (peer) => void live.add(peer),
  });
  return {
    live,
    newest: () => newest,
    push(count: number): void {
      for (const end = newest + count; newest < end; ) {
        newest += 1;
        const frame = frameOf(newest);
        ring.push({ id: { ms: newest, n: 0 }, route: routeOf(newest), frame });
        for (const peer of live) peer.send(frame);
      }
    },
    resume: (peer: Peer, since = START) => resume(peer, since, () => {}),
  };
}

const everywhere = (number: number): Route => ({
  scope: 'drone',
  serialNumber: `S${number % 100}`,
  kind: 'updated',
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Bytes of all buffers. What nobody holds any more is given back in the next turns. */
async function usedBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    gc();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().arrayBuffers;
}

t.test('who reads nothing holds no memory of the history but its own', async (t) => {
  const RING_BYTES = 4 * MIB;
  const ROUNDS = 12;
  const PER_ROUND = 16;
  const relay = setUp({ ringBytes: RING_BYTES });
  const held: Buffer[][] = [];
  const before = await usedBytes();
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = relay.newest();
    relay.push(RING_BYTES / FRAME_BYTES);
    for (let number = 1; number <= PER_ROUND; number += 1) {
      // Since the ring drops whole blocks, not all that was pushed is there.
      const ms = first + Math.round((RING_BYTES / FRAME_BYTES) * (0.3 + (0.7 * number) / PER_ROUND)) - 20;
      const { transport, sent } = createTransport({
        isBehind: () => true,
        drained: () => new Promise(() => {}),
      });
      held.push(sent);
      void relay.resume(peerOf(transport), formatCursor({ epoch: EPOCH, id: { ms, n: 0 } }));
      while (sent.length === 0) await new Promise(setImmediate);
    }
  }
  const grown = (await usedBytes()) - before;
  const own = ROUNDS * PER_ROUND * 64 * KIB;
  t.equal(held.length, ROUNDS * PER_ROUND);
  t.ok(grown < RING_BYTES + own + 2 * MIB, `${(grown / MIB).toFixed(1)} MiB`);
});

t.test('what is kept of older events is bounded in bytes', async (t) => {
  const NEWEST = 1200;
  const text = Buffer.alloc(60 * KIB);
  const relay = setUp({
    start: NEWEST,
    read: async (after, limit) => pageAfter(after, limit, NEWEST, () => text),
  });
  const before = await usedBytes();
  let got = 0;
  const { transport } = createTransport({
    send(frames) {
      got += frames.length;
    },
  });
  const peer = peerOf(transport);
  await relay.resume(peer);
  t.ok(relay.live.has(peer));
  t.equal(got, NEWEST * text.length);
  const grown = (await usedBytes()) - before;
  t.ok(grown < 20 * MIB, `${(grown / MIB).toFixed(1)} MiB`);
});

t.test('while the bus is away, one read is tried for all replays', async (t) => {
  let reads = 0;
  let tell: (error: Error) => void = () => {};
  const relay = setUp({
    start: 1000,
    read: () =>
      new Promise((_resolve, reject) => {
        reads += 1;
        tell = reject;
      }),
  });
  const clients = range(1, 200).map(() => createTransport());
  const ended = clients.map(({ transport }, ms) =>
    relay.resume(peerOf(transport), formatCursor({ epoch: EPOCH, id: { ms, n: 0 } })),
  );
  t.equal(reads, 1);
  for (let turn = 0; turn < 20; turn += 1) {
    tell(new Error('the bus is away'));
    await new Promise(setImmediate);
  }
  t.equal(reads, 1, 'nobody tries on their own');
  for (const { transport } of clients) transport.close(CloseCode.RESTARTING);
  await Promise.all(ended);
});

t.test('replays leave the event loop to others, and miss nothing that comes meanwhile', async (t) => {
  const STEPS_A_TURN = 8;
  const EVENTS = 2000;
  const PEERS = 30;
  let ms = 0;
  const slices = createTimeSlices({
    // Each step takes a part of the 4 ms of a turn.
    now: () => {
      ms += 2 / STEPS_A_TURN;
      return ms;
    },
    nextTurn: setImmediate,
  });
  const relay = setUp({ slices });
  relay.push(EVENTS);
  let writes = 0;
  let isReplaying = true;
  const clients = range(1, PEERS).map(() => {
    const client = createTransport();
    const send = (frames: Buffer): void => {
      if (frames.readUInt32BE() <= EVENTS) writes += 1;
      client.sent.push(frames);
    };
    return { ...client, peer: peerOf({ ...client.transport, send }) };
  });
  const writesByTurn: number[] = [];
  const turns = (async () => {
    while (isReplaying) {
      await new Promise(setImmediate);
      writesByTurn.push(writes);
      writes = 0;
      relay.push(1);
    }
  })();
  await Promise.all(clients.map(({ peer }) => relay.resume(peer)));
  isReplaying = false;
  await turns;
  relay.push(10);

  t.ok(Math.max(...writesByTurn) <= 2 * STEPS_A_TURN, `${Math.max(...writesByTurn)} writes in a turn`);
  t.ok(relay.newest() > EVENTS + 100, `${relay.newest() - EVENTS} events came meanwhile`);
  for (const { numbers } of clients) t.same(numbers(), range(1, relay.newest()));
});

t.test('who asks for nothing that is there does not have each event looked at', async (t) => {
  let looks = 0;
  const relay = setUp({
    ringBytes: 8 * MIB,
    routeOf: (number) => ({
      get scope() {
        looks += 1;
        return 'drone' as const;
      },
      serialNumber: `S${number % 1000}`,
      kind: 'updated',
    }),
  });
  relay.push(7000);
  for (const suffix of ['', '*']) {
    looks = 0;
    const sn = range(1, 100).map((number) => `S${number}x${suffix}`);
    const { transport, sent } = createTransport();
    const peer = peerOf(transport, subscribe(EVERYTHING, { sn }));
    await relay.resume(peer);
    t.ok(relay.live.has(peer));
    t.same(sent, []);
    t.ok(looks < 100, `${looks} looks at 7000 events`);
  }
});

t.test('a slow client goes on where it was, wherever its next events are by then', async (t) => {
  const relay = setUp({ ringBytes: 2 * MIB });
  relay.push(1000);
  let turn = 0;
  const pause = async (turns: number): Promise<void> => {
    for (const end = turn + turns; turn < end; ) await new Promise(setImmediate);
  };
  const clients = range(0, 20).map((slowness) =>
    createTransport({ isBehind: () => true, drained: () => pause(slowness) }),
  );
  const all = Promise.all(clients.map(({ transport }) => relay.resume(peerOf(transport))));
  while (relay.live.size < clients.length) {
    await new Promise(setImmediate);
    turn += 1;
    if (turn < 200) relay.push(20);
  }
  await all;
  relay.push(10);
  for (const { numbers } of clients) t.same(numbers(), range(1, relay.newest()));
});
