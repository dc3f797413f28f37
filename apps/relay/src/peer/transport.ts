import type { CloseCode, RelayFrame } from '@dronecast/events';

/** How frames look on one kind of transport. Peers of one format share what is built for it. */
export interface Format {
  /** Of a WebSocket text frame, which is what the history holds. */
  event(frame: Buffer): Buffer;
  /** Empty where such a frame has no place. */
  relay(frame: RelayFrame): Buffer;
  /** A sign of life for those who get no cursor yet. */
  readonly ping: Buffer;
}

/** The client of a transport, as the relay knows it. */
export interface Client {
  /** It has said something. */
  hear(data: Buffer, isBinary: boolean): void;
  /** How far it is: what it hands back to go on from there. Sends what still waits for it. */
  cursor(): string;
  /** Closes the client because of an unexpected error. */
  fail(error: unknown): void;
}

/** The way to one client: a WebSocket, an event stream or the answer to a poll. */
export interface Transport {
  readonly format: Format;
  isOpen(): boolean;
  /** The client has been greeted: from now on it may speak. */
  start(client: Client): void;
  /** All that the client missed has been sent; what follows is live. */
  caughtUp(): void;
  /** `frames` are of its format, one or several. Ends the transport when too much waits for the client. */
  send(frames: Buffer): void;
  tell(frame: RelayFrame): void;
  /** Whether a replay should wait. */
  isBehind(): boolean;
  /** Resolves when nothing waits for the client any more, or it is gone. */
  drained(): Promise<void>;
  /** Counts an interval in which a sign of life is due; false when too many have passed without one. */
  expectSign(): boolean;
  close(code: CloseCode): void;
  terminate(): void;
  /** Calls back once, when the client is gone: with why the relay closed it, or undefined when it left by itself. */
  onClose(listener: (code?: CloseCode) => void): void;
}
