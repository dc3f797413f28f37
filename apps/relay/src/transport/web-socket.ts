import type { Socket } from 'node:net';
import { CLOSE_CODES, CloseCode, encodeRelayFrame } from '@dronecast/events';
import type { WebSocket } from '@fastify/websocket';
import { createFloodLimit } from '../peer/flood-limit.js';
import { encodeTextFrame } from '../peer/text-frame.js';
import type { Format, Transport } from '../peer/transport.js';
import { type Buffers, createOutlet } from './outlet.js';

/** Milliseconds that a client has to answer a close before its connection is cut. */
const CLOSE_TIMEOUT_MS = 5000;
/** Intervals without a sign of life after which a client counts as gone. */
const MAX_SILENT_INTERVALS = 2;
/** Pings and pongs that a client may send in a second. */
const CONTROL_FRAMES_PER_SECOND = 100;

/** RFC 6455 section 5.5.3; the payload has at most 125 bytes. */
const toPong = (payload: Buffer): Buffer => Buffer.concat([Buffer.from([0x8a, payload.length]), payload]);

const webSocketFormat: Format = {
  event: (frame) => frame,
  relay: (frame) => encodeTextFrame(Buffer.from(encodeRelayFrame(frame))),
  // Without a payload, which needs no mask from a server (RFC 6455 section 5.5.2).
  ping: Buffer.from([0x89, 0]),
};

/** `socket` must not answer pings itself (`autoPong: false`): here pongs count toward the buffer. */
export function createWebSocket(socket: WebSocket, connection: Socket, buffers: Buffers): Transport {
  const outlet = createOutlet(connection, buffers, cutOff);
  const isFlood = createFloodLimit(CONTROL_FRAMES_PER_SECOND);
  let silentIntervals = 0;
  let closedWith: CloseCode | undefined;

  const onSignOfLife = (): void => {
    silentIntervals = 0;
  };
  const onControlFrame = (): void => {
    onSignOfLife();
    if (isFlood()) close(CloseCode.ABUSE);
  };
  socket.on('pong', onControlFrame);
  socket.on('ping', (payload: Buffer) => {
    onControlFrame();
    send(toPong(payload));
  });
  socket.pause(); // The greeting comes before any answer.

  function close(code: CloseCode): void {
    if (closedWith || socket.readyState === socket.CLOSED) return;
    closedWith = code;
    socket.resume(); // A client that has not been greeted answers the close, too.
    socket.close(code, CLOSE_CODES[code].meaning);
    if (code === CloseCode.ABUSE) ignoreInput();
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timer));
  }

  /**
   * A client that floods must not keep the relay busy until it answers the close. Its bytes are read and thrown away, because
   * closing a connection with unread bytes resets it, and the client would not learn why.
   */
  function ignoreInput(): void {
    connection.removeAllListeners('data');
    connection.resume();
    connection.end();
  }

  function cutOff(): void {
    close(CloseCode.SLOW_CONSUMER);
    socket.terminate();
  }

  /** Writes whole WebSocket frames past `ws`, which would frame them anew for each client. */
  function send(frames: Buffer): void {
    if (!closedWith && !outlet.write(frames)) close(CloseCode.SLOW_CONSUMER);
  }

  return {
    format: webSocketFormat,
    isOpen: () => !closedWith && socket.readyState === socket.OPEN,
    start({ hear }) {
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        onSignOfLife();
        hear(data, isBinary);
      });
      socket.resume();
    },
    caughtUp() {},
    send,
    tell: (frame) => send(webSocketFormat.relay(frame)),
    isBehind: outlet.isBehind,
    drained: outlet.drained,
    expectSign() {
      silentIntervals += 1;
      return silentIntervals <= MAX_SILENT_INTERVALS;
    },
    close,
    terminate: () => socket.terminate(),
    onClose(listener) {
      socket.on('close', () => {
        outlet.release();
        listener(closedWith);
      });
    },
  };
}
