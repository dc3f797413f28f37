import { createMemoryBus, type EventBus, type Outbox } from '@dronecast/bus';
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

export interface FaultyBus extends Pick<EventBus, 'publish' | 'isReady' | 'trim' | 'lease'> {
  /** `down`: known to be away; `failing`: publishing rejects. */
  state: 'up' | 'failing' | 'down';
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
    calls: [],
    isReady() {
      return this.state !== 'down';
    },
    async publish(outboxes) {
      this.calls.push(outboxes);
      await this.gate.pass();
      if (this.state !== 'up') throw new Error('the bus is away');
      await bus.publish(outboxes);
    },
    trim: bus.trim,
    lease: bus.lease,
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

/** Keeps the messages that are logged. */
export function createLog() {
  const messages = new Queue<string>();
  const record = (...args: unknown[]) => messages.push(String(args.at(-1)));
  return { messages, info: record, warn: record, error: record };
}
