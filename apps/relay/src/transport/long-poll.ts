import type { ServerResponse } from 'node:http';
import { CloseCode, encodeRelayFrame, type RelayFrame } from '@dronecast/events';
import type { Client, Format, Transport } from '../peer/transport.js';
import { idOf, lineOf } from './frame-text.js';
import { type Buffers, createReadCheck } from './outlet.js';

const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);
/** Milliseconds that an answer with replayed events waits for more of them: a replay may take turns with others. */
const REPLAY_MS = 50;

/** What of the relay's own frames has a meaning for somebody who stays for one answer. */
const TOLD: ReadonlySet<RelayFrame['event']> = new Set(['relay.gap', 'relay.draining', 'relay.error']);

const toLine = (line: Buffer): Buffer => Buffer.concat([line, Buffer.from('\n')]);

const longPollFormat: Format = {
  event: (frame) => toLine(lineOf(frame)),
  relay: (frame) => (TOLD.has(frame.event) ? toLine(Buffer.from(encodeRelayFrame(frame))) : NOTHING),
  ping: NOTHING,
};

function* linesOf(frames: Buffer): Generator<Buffer> {
  for (let from = 0, to = frames.indexOf(NEWLINE); to >= 0; from = to + 1, to = frames.indexOf(NEWLINE, from))
    yield frames.subarray(from, to);
}

function cursorIn(line: Buffer): string | undefined {
  const id = idOf(line);
  if (id || !line.includes('"relay.gap"')) return id;
  const { type, data } = JSON.parse(line.toString());
  return type === 'relay' ? data.cursor : undefined;
}

export interface LongPollOptions {
  /** The answer goes out once frames of `bufferBytes` wait for it. */
  readonly buffers: Buffers;
  /** Frames in the answer at most. */
  readonly limit: number;
  /** Milliseconds that the answer waits for a first frame, once the client has all that it missed. */
  readonly waitMs: number;
}

/** The answer's JSON, or why there is none. */
export type PollAnswer = Buffer | CloseCode;

/**
 * A transport for one answer, which goes out with the first frames that are there. The caller sends what `answered`
 * resolves with as the response.
 */
export function createLongPoll(response: ServerResponse, { buffers, limit, waitMs }: LongPollOptions) {
  const { bufferBytes, budget } = buffers;
  const connection = response.req.socket;
  const isReading = createReadCheck(connection);
  let resolve: (answer: PollAnswer) => void = () => {};
  const answered = new Promise<PollAnswer>((settle) => {
    resolve = settle;
  });
  let lines: Buffer[] = [];
  /** Of the lines, then of the answer. */
  let bytes = 0;
  let isOpen = true;
  let closedWith: CloseCode | undefined;
  let client: Client | undefined;
  /** Where the client was, when nothing that it gets says where it is. */
  let start = '';
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  let hasCaughtUp = false;
  const reader = {
    waitingBytes: () => (response.writableEnded ? response.writableLength : bytes),
    cutOff() {
      closedWith ??= CloseCode.SLOW_CONSUMER;
      connection.destroy();
    },
  };

  function finish(answer: PollAnswer): void {
    isOpen = false;
    clearTimeout(timer);
    lines = [];
    if (typeof answer === 'number') closedWith = answer;
    bytes = typeof answer === 'number' ? 0 : answer.length;
    resolve(answer);
  }

  /** What was cut off comes with the next answer, since the cursor does not go beyond what is in this one. */
  function answer(): void {
    const present = client?.cursor() ?? start; // May send more, or even answer.
    if (!isOpen) return;
    const found = lines.slice(0, limit);
    const cursors = found.map(cursorIn).filter((cursor) => cursor !== undefined);
    const cursor = cursors.at(-1) ?? (found.length < lines.length ? start : present);
    finish(Buffer.from(`{"events":[${found.join()}],"cursor":${JSON.stringify(cursor)}}`));
  }

  /** For timers, which have no caller that an error could reach. */
  function attemptAnswer(): void {
    try {
      if (isOpen) answer();
    } catch (error) {
      client?.fail(error);
    }
  }

  const answerNextTurn = (): void => void setImmediate(attemptAnswer);

  /** What else comes in this turn goes along; in a replay, what else is found in a moment. */
  function answerSoon(): void {
    if (isDue) return;
    isDue = true;
    if (hasCaughtUp) answerNextTurn();
    else timer = setTimeout(attemptAnswer, REPLAY_MS);
  }

  function push(frames: Buffer): void {
    for (const line of linesOf(frames)) lines.push(line);
    bytes += frames.length;
    budget.add(reader, frames.length);
  }

  function send(frames: Buffer): void {
    if (!isOpen || frames.length === 0) return;
    push(frames);
    if (lines.length >= limit || bytes >= bufferBytes) answer();
    else answerSoon();
  }

  const transport: Transport = {
    format: longPollFormat,
    isOpen: () => isOpen,
    start(itself) {
      client = itself;
    },
    caughtUp() {
      hasCaughtUp = true;
      clearTimeout(timer);
      if (isDue) answerNextTurn();
      else timer = setTimeout(attemptAnswer, waitMs);
    },
    send,
    tell(frame) {
      if (frame.event === 'relay.connected') start = frame.data.cursor;
      // Whoever asks for what is not theirs would else be answered at once, time and again.
      if (frame.event === 'relay.error') push(longPollFormat.relay(frame));
      else send(longPollFormat.relay(frame));
    },
    isBehind: () => false,
    drained: async () => {},
    expectSign: isReading,
    close(code) {
      if (!isOpen) return;
      if (lines.length > 0 && code !== CloseCode.INTERNAL_ERROR) answer();
      else finish(code);
    },
    terminate: () => void connection.destroy(),
    onClose(listener) {
      response.once('close', () => {
        isOpen = false;
        clearTimeout(timer);
        budget.delete(reader);
        listener(closedWith);
      });
    },
  };
  return { transport, answered };
}
