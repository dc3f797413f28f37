import type { ServerResponse } from 'node:http';
import { CloseCode, encodeRelayFrame, type RelayFrame } from '@dronecast/events';
import type { Format, Transport } from '../peer/transport.js';
import { idOf, lineOf } from './frame-text.js';
import { type Buffers, createOutlet, createReadCheck } from './outlet.js';

/** Milliseconds in which an ended stream must have left before its connection is cut. */
const CLOSE_TIMEOUT_MS = 5000;
/** Milliseconds of silence after which the system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 10_000;
/** Milliseconds after which a browser reconnects; spread, since many lose their relay at the same time. */
const retryMs = (): number => 1000 + Math.round(Math.random() * 2000);

/** A message of the default type (HTML standard, section 9.2). */
function toMessage(line: Buffer, cursor: string | undefined): Buffer {
  const head = cursor === undefined ? 'data: ' : `id: ${cursor}\ndata: `;
  return Buffer.concat([Buffer.from(head), line, Buffer.from('\n\n')]);
}

const toLine = (frame: RelayFrame): Buffer => Buffer.from(encodeRelayFrame(frame));

const eventStreamFormat: Format = {
  event(frame) {
    const line = lineOf(frame);
    return toMessage(line, idOf(line));
  },
  relay: (frame) => toMessage(toLine(frame), 'cursor' in frame.data ? frame.data.cursor : undefined),
  ping: Buffer.from(':\n\n'),
};

export interface EventStreamOptions {
  readonly buffers: Buffers;
  /** The client goes on from a cursor, which it must keep until it was told of a gap. */
  readonly isResuming: boolean;
}

/**
 * An answer that goes on until its connection ends (RFC 9112 section 6.3), so that what is written to many clients is the
 * same bytes. The answer's head must have been sent.
 */
export function createEventStream(
  response: ServerResponse,
  { buffers, isResuming }: EventStreamOptions,
): Transport {
  const connection = response.req.socket;
  const outlet = createOutlet(connection, buffers, cutOff);
  let closedWith: CloseCode | undefined;

  connection.setKeepAlive(true, KEEP_ALIVE_MS);

  function close(code: CloseCode): void {
    if (closedWith || connection.destroyed) return;
    closedWith = code;
    response.end();
    const timer = setTimeout(() => connection.destroy(), CLOSE_TIMEOUT_MS);
    connection.once('close', () => clearTimeout(timer));
  }

  function cutOff(): void {
    close(CloseCode.SLOW_CONSUMER);
    connection.destroy();
  }

  function send(messages: Buffer): void {
    if (!closedWith && !outlet.write(messages)) close(CloseCode.SLOW_CONSUMER);
  }

  function tell(frame: RelayFrame): void {
    const isBeforeGap = isResuming && frame.event === 'relay.connected' && !frame.data.resumed;
    send(isBeforeGap ? toMessage(toLine(frame), undefined) : eventStreamFormat.relay(frame));
  }

  send(Buffer.from(`retry: ${retryMs()}\n\n`));

  return {
    format: eventStreamFormat,
    isOpen: () => !closedWith && !connection.destroyed,
    start() {},
    caughtUp() {},
    send,
    tell,
    isBehind: outlet.isBehind,
    drained: outlet.drained,
    expectSign: createReadCheck(connection),
    close,
    terminate: () => void connection.destroy(),
    onClose(listener) {
      connection.once('close', () => {
        outlet.release();
        listener(closedWith);
      });
    },
  };
}
