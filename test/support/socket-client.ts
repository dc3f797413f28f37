import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Test } from 'tap';
import { type ClientOptions, WebSocket } from 'ws';
import { Queue } from './queue.js';

/** A frame as it came; tests look into it freely. */
export interface Frame {
  readonly id?: string;
  readonly type: string;
  readonly event?: string;
  readonly channel?: string;
  readonly serialNumber?: string;
  readonly revision?: number;
  readonly foreign?: boolean;
  readonly actor?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each event has its own shape, and the tests assert it.
  readonly data: any;
}

export interface SocketClient {
  readonly socket: WebSocket;
  /** Data of `relay.connected`. */
  readonly greeting: { clientId: string; cursor: string; resumed: boolean; heartbeatMs: number };
  /** Frames in the order of arrival. */
  readonly frames: Queue<Frame>;
  readonly closed: Promise<{ code: number; reason: string }>;
  say(message: unknown): void;
}

/** Connects and waits for `relay.connected`, which is not among `frames`. */
export async function connectSocket(
  t: Test,
  url: string,
  { protocols = [], ...options }: ClientOptions & { protocols?: string[] } = {},
): Promise<SocketClient> {
  const socket = new WebSocket(url, protocols, options);
  const frames = new Queue<Frame>();
  socket.on('message', (data) => frames.push(JSON.parse(data.toString())));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  t.teardown(() => socket.terminate());
  await once(socket, 'open');
  const first = await frames.next();
  if (first.event !== 'relay.connected') throw new Error(`first frame was ${JSON.stringify(first)}`);
  return {
    socket,
    greeting: first.data,
    frames,
    closed,
    say: (message) => socket.send(JSON.stringify(message)),
  };
}

/** The answer to an upgrade that is refused. */
export function refusedUpgrade(
  url: string,
  options: ClientOptions = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.once('open', () => reject(new Error('the upgrade was not refused')));
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
  });
}
