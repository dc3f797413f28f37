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

const MESSAGE_END = Buffer.from('\n\n');
const CHUNK_END = Buffer.from('\n\n\r\n');

/** Makes what goes over the connection of a message: its fields before `data`, and its data. */
type Framing = (fields: string, line: Buffer) => Buffer;

/** Ends with its connection (RFC 9112 section 6.3): HTTP/1.0 knows no chunks. */
const closeDelimited: Framing = (fields, line) =>
  Buffer.concat([Buffer.from(`${fields}data: `), line, MESSAGE_END]);

/** One chunk for each message (RFC 9112 section 7.1), so that a client that reads chunks gets it at once. */
const chunked: Framing = (fields, line) => {
  const head = Buffer.from(`${fields}data: `);
  const size = (head.length + line.length + MESSAGE_END.length).toString(16);
  return Buffer.concat([Buffer.from(`${size}\r\n`), head, line, CHUNK_END]);
};

const idField = (cursor: string | undefined): string => (cursor === undefined ? '' : `id: ${cursor}\n`);

const toLine = (frame: RelayFrame): Buffer => Buffer.from(encodeRelayFrame(frame));

const cursorIn = ({ data }: RelayFrame): string | undefined => ('cursor' in data ? data.cursor : undefined);

/** Messages of the default type (HTML standard, section 9.2). */
const createFormat = (frameMessage: Framing, ping: string): Format => ({
  event(frame) {
    const line = lineOf(frame);
    return frameMessage(idField(idOf(line)), line);
  },
  relay: (frame) => frameMessage(idField(cursorIn(frame)), toLine(frame)),
  // A comment without an empty line behind it: some clients take that for an empty message.
  ping: Buffer.from(ping),
});

const closeDelimitedFormat = createFormat(closeDelimited, ':\n');
const chunkedFormat = createFormat(chunked, '2\r\n:\n\r\n');

export interface EventStreamOptions {
  readonly buffers: Buffers;
  /** The client goes on from a cursor, which it must keep until it was told of a gap. */
  readonly isResuming: boolean;
}

/**
 * An answer that goes on until the client or the relay ends it. What is written to many clients is the same bytes, past
 * Node's response. The response's head must have been sent: it says whether the body is chunked.
 */
export function createEventStream(
  response: ServerResponse,
  { buffers, isResuming }: EventStreamOptions,
): Transport {
  const connection = response.req.socket;
  const outlet = createOutlet(connection, buffers, cutOff);
  const [frameMessage, format] = response.chunkedEncoding
    ? [chunked, chunkedFormat]
    : [closeDelimited, closeDelimitedFormat];
  let closedWith: CloseCode | undefined;
  /** The field that the first message with an `id` has before it. */
  let retryField = `retry: ${retryMs()}\n`;

  connection.setKeepAlive(true, KEEP_ALIVE_MS);

  /** Ends the answer behind what waits for the client, chunked with the last chunk. */
  function close(code: CloseCode): void {
    if (closedWith || connection.destroyed) return;
    closedWith = code;
    response.end();
    const timer = setTimeout(() => connection.destroy(), CLOSE_TIMEOUT_MS);
    connection.once('close', () => clearTimeout(timer));
  }

  /** Without the last chunk, since what waits is lost. */
  function cutOff(): void {
    closedWith ??= CloseCode.SLOW_CONSUMER;
    connection.destroy();
  }

  function send(messages: Buffer): void {
    if (!closedWith && !outlet.write(messages)) close(CloseCode.SLOW_CONSUMER);
  }

  function tell(frame: RelayFrame): void {
    const isBeforeGap = isResuming && frame.event === 'relay.connected' && !frame.data.resumed;
    const id = isBeforeGap ? '' : idField(cursorIn(frame));
    const retry = id && retryField;
    if (retry) retryField = '';
    send(frameMessage(retry + id, toLine(frame)));
  }

  return {
    format,
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
