import type { Test } from 'tap';
import { Queue } from '../../../../test/support/queue.js';
import { type Client, type ConnectOptions, createClient } from '../../src/client.js';
import type { Item } from '../../src/frames.js';
import type { Timing } from '../../src/link.js';
import { openSocket } from '../../src/node-socket.js';
import type { Status } from '../../src/status.js';

/** In which a test sees what takes minutes otherwise. */
const QUICK: Timing = {
  backoff: { firstMs: 10, mostMs: 50 },
  greetingMs: 1000,
  callbackMs: 5000,
  pingMs: 5000,
  climb: { firstMs: 20, mostMs: 50 },
};

export const connectQuickly = (options: ConnectOptions, timing: Partial<Timing> = {}): Client =>
  createClient(options, { openSocket, timing: { ...QUICK, ...timing } });

export interface Follower {
  readonly client: Client;
  readonly items: Queue<Item>;
  readonly states: Queue<Status>;
  readonly warnings: Queue<Error>;
  /** The numbers that the next events carry. */
  numbers(count: number): Promise<number[]>;
  /** Resolves when the client is in a state. */
  reached(state: Status['state']): Promise<Status>;
}

/** A client whose every word is kept until the test looks at it; closed with the test. */
export function follow(t: Test, options: ConnectOptions, timing?: Partial<Timing>): Follower {
  const client = connectQuickly(options, timing);
  t.teardown(() => client.close());
  const items = new Queue<Item>();
  const states = new Queue<Status>();
  const warnings = new Queue<Error>();
  client.on('event', (event) => items.push(event));
  client.on('foreign', (event) => items.push(event));
  client.on('gap', (gap) => items.push(gap));
  client.on('status', (status) => states.push(status));
  client.on('warning', (error) => warnings.push(error));
  return {
    client,
    items,
    states,
    warnings,
    numbers: async (count) =>
      (await items.take(count)).map(({ data }) => (data as { number: number }).number),
    reached: (state) => states.find((status) => status.state === state),
  };
}

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
