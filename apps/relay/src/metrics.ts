import { CLOSE_CODES, type CloseCode } from '@dronecast/events';
import { Counter, Gauge, Histogram, LATENCY_BUCKETS, type Registry } from '@dronecast/runtime';
import type { Traffic } from './hub/group.js';

export interface RelayFigures {
  readonly traffic: Readonly<Traffic>;
  readonly peers: () => number;
  readonly waitingBytes: () => number;
  readonly isLive: () => boolean;
}

/** A counter whose value is kept elsewhere. */
function counterOf(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

function gaugeOf(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** What a relay tells of itself. */
export function createRelayMetrics(registry: Registry) {
  const registers = [registry];
  const lag = new Histogram({
    name: 'dronecast_relay_lag_seconds',
    help: 'Seconds from publishing, by the clock of Redis, until the relay has the event',
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const resumes = new Counter({
    name: 'dronecast_resumes_total',
    help: 'Clients that came back with a cursor, by what became of it: resumed or gap',
    labelNames: ['outcome'],
    registers,
  });
  const gaps = new Counter({
    name: 'dronecast_gaps_total',
    help: 'Times that the relay itself may have missed events, and told every client',
    registers,
  });
  const disconnects = new Counter({
    name: 'dronecast_bus_disconnects_total',
    help: 'Times that the connection to the bus was lost',
    registers,
  });
  const waits = new Histogram({
    name: 'dronecast_write_lag_seconds',
    help: 'Seconds that the first event of a write waited in the relay until it was written to its clients',
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const closes = new Counter({
    name: 'dronecast_closes_total',
    help: 'Clients that are gone, by the code with which the relay closed them; "left" when it did not',
    labelNames: ['code'],
    registers,
  });
  for (const code of ['left', ...Object.keys(CLOSE_CODES)]) closes.inc({ code }, 0);
  for (const outcome of ['resumed', 'gap']) resumes.inc({ outcome }, 0);

  return {
    /** An event that was published at this time, milliseconds since 1970, is here. */
    received: (publishedAt: number): void => lag.observe(Math.max(0, Date.now() - publishedAt) / 1000),
    resumed: (isResumed: boolean): void => resumes.inc({ outcome: isResumed ? 'resumed' : 'gap' }),
    written: (waitedMs: number): void => waits.observe(waitedMs / 1000),
    closed: (code?: CloseCode): void => closes.inc({ code: code ?? 'left' }),
    gap: (): void => gaps.inc(),
    disconnected: (): void => disconnects.inc(),

    follow({ traffic, peers, waitingBytes, isLive }: RelayFigures): void {
      gaugeOf(registry, 'dronecast_peers', 'Clients that are connected, or polling', peers);
      gaugeOf(
        registry,
        'dronecast_peers_waiting_bytes',
        'Bytes that wait until clients read them; PEERS_BUFFER_BYTES bounds them',
        waitingBytes,
      );
      gaugeOf(registry, 'dronecast_bus_live', '1 while events come from the bus, 0 while it is away', () =>
        Number(isLive()),
      );
      counterOf(
        registry,
        'dronecast_deliveries_total',
        'Frames of live events to clients',
        () => traffic.deliveries,
      );
      counterOf(
        registry,
        'dronecast_delivery_writes_total',
        'Writes that carried them; deliveries over writes is what joining saves',
        () => traffic.writes,
      );
      counterOf(registry, 'dronecast_delivered_bytes_total', 'Bytes of them', () => traffic.bytes);
    },
  };
}

export type RelayMetrics = ReturnType<typeof createRelayMetrics>;
