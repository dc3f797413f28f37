import { connect, type Socket } from 'node:net';
import { nowUs, readStamp } from '../clock.js';
import { createMessageReader, streamRequest } from '../event-stream.js';
import { serve } from '../rpc.js';
import { clientFrame, createFrameReader, upgradeRequest } from '../websocket.js';

/** How a server's frames are told apart, by the text they start with. */
export type Protocol = 'plain' | 'sse' | 'socket.io';

type Reader = (chunk: Buffer) => void;
type OnText = (data: Buffer, start: number, length: number) => void;

interface Dialect {
  readonly request: (path: string) => string;
  /** Of the answer to the request. */
  readonly status: string;
  /** Tells of each text, when so many of its bytes are there. */
  readonly reader: (peek: number, onText: OnText) => Reader;
  readonly isGreeting: (text: string) => boolean;
  readonly isEvent: (text: string) => boolean;
  /** What a client has to say to a frame, if anything. */
  readonly answer: (text: string) => string | undefined;
}

const webSocket = { request: upgradeRequest, status: '101', reader: createFrameReader };
const ofRelay = {
  isGreeting: (text: string) => text.startsWith('{"type":"relay"'),
  isEvent: (text: string) => text.startsWith('{"id":'),
  answer: () => undefined,
};

const DIALECTS: Readonly<Record<Protocol, Dialect>> = {
  plain: { ...webSocket, ...ofRelay },
  sse: {
    request: streamRequest,
    status: '200',
    reader: (_peek, onText) => createMessageReader(onText),
    ...ofRelay,
  },
  // Engine.IO 4: `0` opens, `2` pings; Socket.IO: `40` connects, `42` is an event.
  'socket.io': {
    ...webSocket,
    isGreeting: (text) => text.startsWith('40'),
    isEvent: (text) => text.startsWith('42'),
    answer: (text) => (text.startsWith('0') ? '40' : text === '2' ? '3' : undefined),
  },
};

const PEEK = 16;
const HEAD_END = '\r\n\r\n';
/** Bytes that one read may give; shared, since a chunk is used up before the next read. */
const readBuffer = Buffer.allocUnsafe(256 * 1024);

/** By group. */
const sockets = new Map<string, Set<Socket>>();
/** When sampled events were sent and when they came, in turn. */
let times: number[] = [];
let deliveries = 0;
let bytes = 0;
let closed = 0;
let wake: (() => void) | undefined;

function countEvent(): void {
  deliveries += 1;
  wake?.();
}

/** Resolves when the server has greeted. */
function open(
  port: number,
  path: string,
  dialect: Dialect,
  group: Set<Socket>,
  isSampled: boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let hasUpgraded = false;
    let isGreeted = false;
    let head = Buffer.alloc(0);

    const readFrames = dialect.reader(isSampled ? Number.POSITIVE_INFINITY : PEEK, (data, start, length) => {
      const text = data.toString('latin1', start, start + Math.min(length, PEEK));
      if (dialect.isEvent(text)) {
        if (isSampled) {
          const sentAt = readStamp(data, start, start + length);
          if (sentAt !== undefined) times.push(sentAt, nowUs());
        }
        return countEvent();
      }
      const answer = dialect.answer(text);
      if (answer !== undefined) socket.write(clientFrame(answer));
      if (isGreeted || !dialect.isGreeting(text)) return;
      isGreeted = true;
      resolve();
    });

    function read(chunk: Buffer): void {
      if (hasUpgraded) {
        bytes += chunk.length;
        return readFrames(chunk);
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end < 0) return;
      if (!head.toString('latin1', 0, 12).endsWith(dialect.status)) {
        reject(new Error(`refused: ${head.toString('latin1', 0, 200)}`));
        return void socket.destroy();
      }
      hasUpgraded = true;
      readFrames(head.subarray(end + HEAD_END.length));
    }

    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback(length, buffer) {
          read((buffer as Buffer).subarray(0, length));
          return true;
        },
      },
    });
    socket.on('connect', () => socket.write(dialect.request(path)));
    socket.on('error', reject);
    socket.on('close', () => {
      // Who is not in the group any more was let go by us.
      if (group.delete(socket)) closed += 1;
      reject(new Error('closed'));
    });
    group.add(socket);
  });
}

export interface ConnectRequest {
  readonly port: number;
  /** One socket each. */
  readonly paths: readonly string[];
  readonly protocol: Protocol;
  /** Every so manyeth socket tells when its events came. */
  readonly sampleEvery: number;
  /** Handshakes under way at once. */
  readonly parallel: number;
  /** What the sockets can be closed by. */
  readonly group: string;
}

const commands = {
  /** Opens sockets. Returns microseconds until all are greeted. */
  async connect({ port, paths, protocol, sampleEvery, parallel, group }: ConnectRequest): Promise<number> {
    const members = sockets.get(group) ?? new Set();
    sockets.set(group, members);
    const startedAt = nowUs();
    const waiting = paths.entries();
    const lane = async (): Promise<void> => {
      for (const [index, path] of waiting) {
        await open(port, path, DIALECTS[protocol], members, index % sampleEvery === 0);
      }
    };
    await Promise.all(Array.from({ length: parallel }, lane));
    return nowUs() - startedAt;
  },

  reset(): void {
    times = [];
    deliveries = 0;
    bytes = 0;
  },

  /** Waits for so many deliveries since the reset. Returns how many came, if they do not within the timeout. */
  async waitFor({ count, timeoutMs }: { count: number; timeoutMs: number }): Promise<number> {
    if (deliveries < count) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        wake = () => {
          if (deliveries < count) return;
          clearTimeout(timer);
          resolve();
        };
      });
      wake = undefined;
    }
    return deliveries;
  },

  tally: () => ({
    deliveries,
    bytes,
    /** Sockets that the server has closed, ever. */
    closed,
    /** Pairs of microseconds: sent, come. */
    times: Float64Array.from(times),
  }),

  /** Ends the connections of a group, or all; without a farewell, so that no port stays taken. */
  disconnect(name?: string): void {
    for (const [group, members] of sockets) {
      if (name !== undefined && name !== group) continue;
      const leaving = [...members];
      members.clear();
      for (const socket of leaving) socket.resetAndDestroy();
    }
  },
};
export type SocketClientCommands = typeof commands;

serve(commands);
