import type { CloseCode, RelayFrame } from '@dronecast/events';
import type { Client, Format, Transport } from '../src/peer/transport.js';

const format: Format = {
  event: (frame) => frame,
  relay: (frame) => Buffer.from(JSON.stringify(frame)),
  ping: Buffer.from('ping'),
};

/** A client without a connection: what it was told, and what became of it. `breaks` makes functions of it throw. */
export function createFakeTransport(breaks: Partial<Transport> = {}) {
  const told: RelayFrame[] = [];
  const sent: Buffer[] = [];
  let client: Client | undefined;
  let listener: ((code?: CloseCode) => void) | undefined;
  let closedWith: CloseCode | undefined;
  let isGone = false;

  /** The connection ends; the relay hears of it later, as with a real one. */
  function leave(): void {
    if (isGone) return;
    isGone = true;
    setImmediate(() => listener?.(closedWith));
  }

  const transport: Transport = {
    format,
    isOpen: () => !closedWith && !isGone,
    start(itself) {
      client = itself;
    },
    caughtUp() {},
    send: (frames) => void sent.push(frames),
    tell: (frame) => void told.push(frame),
    isBehind: () => false,
    drained: async () => {},
    expectSign: () => true,
    close(code) {
      closedWith ??= code;
      leave();
    },
    terminate: leave,
    onClose(itself) {
      listener = itself;
    },
    ...breaks,
  };
  return {
    transport,
    told,
    sent,
    leave,
    closedWith: () => closedWith,
    isGone: () => isGone,
    say: (message: unknown): void => client?.hear(Buffer.from(JSON.stringify(message)), false),
  };
}
