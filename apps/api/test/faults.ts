import { BusUnavailable, createMemoryBus, type EventBus, type Outbox } from '@dronecast/bus';
import { STREAM_START, type StreamId } from '@dronecast/events';
import { Queue } from '../../../test/support/queue.js';

/** A door before some work; closed, it holds all who come. */
export class Gate {
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => {};
  /** How many have come to the door, ever. */
  arrivals = 0;

  close(): void {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }

  pass(): Promise<void> {
    this.arrivals += 1;
    return this.#opened;
  }
}

export interface FaultyBus
  extends Pick<EventBus, 'publish' | 'forget' | 'isReady' | 'trim' | 'lease' | 'read'> {
  /** `down`: known to be away; `failing`: publishing rejects. */
  state: 'up' | 'failing' | 'down';
  /** Keys of outboxes that it takes from nobody. */
  readonly refused: Set<string>;
  readonly gate: Gate;
  /** What was handed to `publish`, call by call. */
  readonly calls: (readonly Outbox[])[];
  /** Marks of the history's events, oldest first. */
  history(): Promise<string[]>;
}

/** The in-memory bus, with faults to order. */
export function createFaultyBus(): FaultyBus {
  const bus = createMemoryBus({ maxEvents: 100_000, maxAgeHours: 1 });
  return {
    state: 'up',
    gate: new Gate(),
    refused: new Set(),
    calls: [],
    isReady() {
      return this.state !== 'down';
    },
    async publish(outboxes) {
      this.calls.push(outboxes);
      await this.gate.pass();
      if (this.state !== 'up') throw new BusUnavailable('the bus is away');
      const refused = outboxes.find(({ key = '' }) => this.refused.has(key));
      if (refused) throw new Error(`${refused.key} is refused`);
      return bus.publish(outboxes);
    },
    forget: bus.forget,
    trim: bus.trim,
    lease: bus.lease,
    read: bus.read,
    async history() {
      const marks: string[] = [];
      for (let position: StreamId | undefined = STREAM_START; position; ) {
        const { events } = await bus.read(position, 1000);
        marks.push(...events.map(({ frame }) => (JSON.parse(frame.toString()) as { mark: string }).mark));
        position = events.at(-1)?.id;
      }
      return marks;
    },
  };
}

export interface LogLine {
  readonly message: string;
  readonly serialNumber?: string;
  readonly error?: string;
  readonly retryInMs?: number;
}

interface LogDetails {
  readonly err?: unknown;
  readonly serialNumber?: string;
  readonly retryInMs?: number;
}

/** Keeps what is logged. */
export function createLog() {
  const lines = new Queue<LogLine>();
  function record(...args: unknown[]): void {
    const { err, serialNumber, retryInMs } = args.length > 1 ? (args[0] as LogDetails) : {};
    lines.push({
      message: String(args.at(-1)),
      ...(serialNumber !== undefined && { serialNumber }),
      ...(err !== undefined && { error: (err as Error).message }),
      ...(retryInMs !== undefined && { retryInMs }),
    });
  }
  return { lines, info: record, warn: record, error: record };
}
