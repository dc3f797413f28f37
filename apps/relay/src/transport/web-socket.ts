import type { Socket } from 'node:net';
import { CLOSE_CODES, CloseCode, encodeRelayFrame } from '@dronecast/events';
import type { WebSocket } from '@fastify/websocket';
import { encodeTextFrame } from '../peer/text-frame.js';
import type { Format, Transport } from '../peer/transport.js';
import { createOutlet } from './outlet.js';

/** Milliseconds that a client has to answer a close before its connection is cut. */
const CLOSE_TIMEOUT_MS = 5000;
/** Intervals without a sign of life after which a client counts as gone. */
const MAX_SILENT_INTERVALS = 2;

const webSocketFormat: Format = {
  event: (frame) => frame,
  relay: (frame) => encodeTextFrame(Buffer.from(encodeRelayFrame(frame))),
  // Without a payload, which needs no mask from a server (RFC 6455 section 5.5.2).
  ping: Buffer.from([0x89, 0]),
};

export function createWebSocket(socket: WebSocket, connection: Socket, bufferBytes: number): Transport {
  const outlet = createOutlet(connection, bufferBytes);
  let silentIntervals = 0;
  let closedWith: CloseCode | undefined;

  const onSignOfLife = (): void => {
    silentIntervals = 0;
  };
  socket.on('pong', onSignOfLife);
  socket.on('ping', onSignOfLife);
  socket.pause(); // The greeting comes before any answer.

  function close(code: CloseCode): void {
    if (closedWith) return;
    closedWith = code;
    socket.resume(); // A client that has not been greeted answers the close, too.
    socket.close(code, CLOSE_CODES[code].meaning);
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timer));
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
    onClose: (listener) => void socket.on('close', () => listener(closedWith)),
  };
}
