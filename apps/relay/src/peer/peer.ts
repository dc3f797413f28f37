import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { CLOSE_CODES, CloseCode, type Cursor, encodeRelayFrame, type RelayFrame } from '@dronecast/events';
import type { WebSocket } from '@fastify/websocket';
import type { Filter } from '../hub/filter.js';
import { encodeTextFrame } from './text-frame.js';

/** Milliseconds that a client has to answer a close before its connection is cut. */
const CLOSE_TIMEOUT_MS = 5000;
/** Intervals without a sign of life after which a client counts as gone. */
const MAX_SILENT_INTERVALS = 2;

export interface PeerOptions {
  /** Bytes that may wait for a client that reads slowly. */
  readonly bufferBytes: number;
}

function waitForDrain(connection: Socket, done: () => void): void {
  const settle = (): void => {
    connection.off('drain', settle);
    connection.off('close', settle);
    done();
  };
  connection.on('drain', settle);
  connection.on('close', settle);
}

/** One connected client. */
export type Peer = ReturnType<typeof createPeer>;

export function createPeer(
  socket: WebSocket,
  connection: Socket,
  initialFilter: Filter,
  { bufferBytes }: PeerOptions,
) {
  let filter = initialFilter;
  let silentIntervals = 0;
  let isClosing = false;

  const onSignOfLife = (): void => {
    silentIntervals = 0;
  };
  socket.on('message', onSignOfLife);
  socket.on('pong', onSignOfLife);
  socket.on('ping', onSignOfLife);

  function close(code: CloseCode): void {
    if (isClosing) return;
    isClosing = true;
    socket.close(code, CLOSE_CODES[code].meaning);
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timer));
  }

  /** Writes a whole WebSocket frame past `ws`, which would frame it anew for each client. */
  function send(frame: Buffer): void {
    if (isClosing) return;
    if (connection.writableLength + frame.length > bufferBytes) return close(CloseCode.SLOW_CONSUMER);
    connection.write(frame);
  }

  return {
    id: randomUUID(),
    /** The last event replayed to it; undefined while it gets live events. */
    place: undefined as Cursor | undefined,
    /** Takes up what the client says, if that was held back. */
    listen: (): void => socket.resume(),
    isOpen: (): boolean => !isClosing && socket.readyState === socket.OPEN,
    /** Whether a replay should wait. */
    isBehind: (): boolean => connection.writableLength > bufferBytes / 4,
    /** Resolves when nothing waits for the client any more, or it is gone. */
    async drained(): Promise<void> {
      if (connection.writableNeedDrain)
        await new Promise<void>((resolve) => waitForDrain(connection, resolve));
    },
    get filter() {
      return filter;
    },
    setFilter(next: Filter): void {
      filter = next;
    },
    send,
    tell: (frame: RelayFrame): void => send(encodeTextFrame(Buffer.from(encodeRelayFrame(frame)))),
    close,
    terminate: (): void => socket.terminate(),
    /** Counts an interval in which a sign of life is due; false when too many have passed without one. */
    expectSign(): boolean {
      silentIntervals += 1;
      return silentIntervals <= MAX_SILENT_INTERVALS;
    },
  };
}
