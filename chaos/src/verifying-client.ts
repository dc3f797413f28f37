import { setTimeout as delay } from 'node:timers/promises';
import { type DronecastEvent, parseCursor, type RelayFrame } from '@dronecast/events';
import { WebSocket } from 'ws';
import type { ClientLog, LogItem, Wish } from './client-log.js';
import type { Sightings } from './sighting.js';

/** Milliseconds of silence beyond two heartbeats after which the connection counts as dead. */
const GRACE_MS = 1000;
const MAX_RECONNECT_DELAY_MS = 300;
const CONNECT_TIMEOUT_MS = 3000;

export interface VerifyingClientOptions {
  readonly name: string;
  readonly group: string;
  readonly wish: Wish;
  /** Base URLs of the relays; each connection goes to any of them. */
  readonly relays: readonly string[];
  readonly sightings: Sightings;
}

/** A client as PROTOCOL.md has it: resumes on every disconnect. It writes down all that it is told. */
export function createVerifyingClient({ name, group, wish, relays, sightings }: VerifyingClientOptions) {
  const items: LogItem[] = [];
  const closeCodes = new Map<number, number>();
  let socket: WebSocket | undefined;
  let cursor: string | undefined;
  let connections = 0;
  let isPaused = false;
  let isClosed = false;
  /** The relay has said that it cannot resume: the next frame has to be the gap. */
  let isGapDue = false;

  function url(): string {
    const query = new URLSearchParams();
    if (wish.serialNumbers) query.set('sn', wish.serialNumbers.join());
    if (wish.kinds) query.set('events', wish.kinds.join());
    if (cursor !== undefined) query.set('since', cursor);
    return `${relays[Math.floor(Math.random() * relays.length)]}/ws/events?${query}`;
  }

  function reach(at: string, reason?: string): void {
    const place = parseCursor(at);
    if (!place) throw new Error(`'${at}' is no cursor`);
    cursor = at;
    if (reason !== undefined) items.push({ type: 'gap', place, at: Date.now(), reason });
    else {
      // Of places in a row only the last one says something.
      if (items.at(-1)?.type === 'place') items.pop();
      items.push({ type: 'place', place });
    }
  }

  function receive(frame: DronecastEvent | RelayFrame): void {
    if (isGapDue && frame.event !== 'relay.gap') items.push({ type: 'silence' });
    isGapDue = false;
    if ('foreign' in frame) return;
    if (frame.type !== 'relay') {
      items.push({ type: 'event', sighting: sightings.note(frame) });
      cursor = frame.id;
    } else if (frame.event === 'relay.gap') reach(frame.data.cursor, frame.data.reason);
    else if (frame.event === 'relay.connected' && cursor !== undefined && !frame.data.resumed)
      isGapDue = true;
    else if ('cursor' in frame.data) reach(frame.data.cursor);
  }

  /** One connection, until it ends. */
  async function connect(onReady: () => void): Promise<void> {
    const current = new WebSocket(url(), { handshakeTimeout: CONNECT_TIMEOUT_MS, perMessageDeflate: false });
    let heartbeatMs = CONNECT_TIMEOUT_MS;
    let heardAt = Date.now();
    connections += 1;
    socket = current;
    current.on('message', (data: Buffer) => {
      heardAt = Date.now();
      const frame = JSON.parse(data.toString());
      if (frame.event === 'relay.connected') heartbeatMs = frame.data.heartbeatMs;
      receive(frame);
      onReady();
    });
    const watch = setInterval(() => {
      if (isPaused) heardAt = Date.now();
      else if (Date.now() - heardAt > 2 * heartbeatMs + GRACE_MS) current.terminate();
    }, 250);
    const code = await new Promise<number>((resolve) => {
      current.on('error', () => {});
      current.once('close', resolve);
    });
    clearInterval(watch);
    closeCodes.set(code, (closeCodes.get(code) ?? 0) + 1);
  }

  async function run(onReady: () => void): Promise<void> {
    while (!isClosed) {
      await connect(onReady);
      if (!isClosed) await delay(Math.random() * MAX_RECONNECT_DELAY_MS);
    }
  }

  return {
    /** Resolves when the first connection stands. */
    start: (): Promise<void> => new Promise((resolve, reject) => run(resolve).catch(reject)),
    /** Stops reading, or goes on. */
    pause(): void {
      isPaused = true;
      socket?.pause();
    },
    resume(): void {
      isPaused = false;
      socket?.resume();
    },
    cursor: () => cursor,
    closeCodes: closeCodes as ReadonlyMap<number, number>,
    log: (): ClientLog => ({ name, group, wish, items, reconnects: connections - 1 }),
    close(): void {
      isClosed = true;
      socket?.terminate();
    },
  };
}

export type VerifyingClient = ReturnType<typeof createVerifyingClient>;
