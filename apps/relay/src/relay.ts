import { setTimeout as delay } from 'node:timers/promises';
import type { Access } from '@dronecast/auth';
import type { EventBus, LiveListener } from '@dronecast/bus';
import { CloseCode, formatCursor, type RelayFrame } from '@dronecast/events';
import type { FastifyBaseLogger } from 'fastify';
import type { DeliveryTrace } from './delivery-trace.js';
import { createFeed } from './feed/feed.js';
import { createArchive } from './history/archive.js';
import { createRing } from './history/ring.js';
import { createTimeSlices } from './history/time-slices.js';
import type { Filter } from './hub/filter.js';
import { createHub, type Hub } from './hub/hub.js';
import type { RelayMetrics } from './metrics.js';
import { createExpiry } from './peer/expiry.js';
import { createGrant, type Grant } from './peer/grant.js';
import { createHeartbeat } from './peer/heartbeat.js';
import { createPeer, type Peer } from './peer/peer.js';
import { createQuota } from './peer/quota.js';
import { createResume } from './peer/resume.js';
import { createSession, forbid } from './peer/session.js';
import { encodeTextFrame } from './peer/text-frame.js';
import type { Format, Transport } from './peer/transport.js';
import { createTurns } from './peer/turns.js';
import { createBudget } from './transport/budget.js';

export interface RelayOptions {
  /** More clients than this are turned away. */
  readonly maxPeers: number;
  /** Clients of one subject or, without tokens, of one address; 0 is no limit. */
  readonly maxPeersPerCaller: number;
  /** Frames that a client may send in a second. */
  readonly framesPerSecond: number;
  /** Bytes that may wait for one client. */
  readonly peerBufferBytes: number;
  /** Bytes that may wait for all clients together. */
  readonly peersBufferBytes: number;
  /** Milliseconds between two heartbeats. */
  readonly heartbeatMs: number;
  /** Milliseconds that an event waits for others at most, so that they go out together. */
  readonly coalesceMs: number;
  /** Milliseconds over which closes are spread at most when the relay stops. */
  readonly drainMs: number;
}

export interface RelayDependencies {
  readonly bus: EventBus;
  /** Says what the bearer of a token may do; rejects with AuthError. */
  readonly authenticate: (token: string) => Promise<Access>;
  readonly log: FastifyBaseLogger;
  readonly metrics: RelayMetrics;
  /** Undefined: no traces. */
  readonly trace: DeliveryTrace | undefined;
}

/** A client that has been let in. */
export interface Arrival extends Grant {
  readonly transport: Transport;
  /** Its subject or, without a token, its address. */
  readonly caller: string;
  /** The cursor that it goes on from. Undefined or empty: it starts with what comes next. */
  readonly since: string | undefined;
}

/** Closing so many clients a second is no burden for the relay that they reconnect to. */
const CLOSES_PER_SECOND = 2000;
/** Milliseconds that clients have to answer the close. */
const CLOSE_GRACE_MS = 1000;

/** Milliseconds between two log lines about failed clients: an error may hit thousands of them at once. */
const FAILURE_LOG_MS = 1000;

/** Bytes of the latest events that are kept for clients who resume. */
const RING_BYTES = 32 * 1024 * 1024;

const gapFrame = (cursor: string, reason: string): RelayFrame => ({
  type: 'relay',
  event: 'relay.gap',
  data: { cursor, reason },
});

const countingDisconnects = (listener: LiveListener, metrics: RelayMetrics): LiveListener => ({
  ...listener,
  disconnected() {
    metrics.disconnected();
    listener.disconnected();
  },
});

/** Everything between the bus and the clients: feed → hub → peers. Keeps nothing that another relay would need. */
export function createRelayCore(
  { bus, authenticate, log, metrics, trace }: RelayDependencies,
  options: RelayOptions,
) {
  const traffic = { deliveries: 0, writes: 0, bytes: 0 };
  /** All who are connected. */
  const peers = new Set<Peer>();
  /** Those of them who get live events; the others are still being brought up to date. An event is built once a hub. */
  const hubs = new Map<Format, Hub<Peer>>();
  const ring = createRing(RING_BYTES);
  const archive = createArchive({ bus, toFrame: encodeTextFrame });
  /** Two queues, so that a changed filter does not wait behind a crowd of new clients. */
  const arrivals = createTurns();
  const changes = createTurns();
  const budget = createBudget(options.peersBufferBytes);
  const quota = createQuota(options.maxPeersPerCaller);
  let isDraining = false;
  /** New clients that wait for their turn. */
  let arriving = 0;
  let failureLoggedAt = 0;

  /** Logs at most one line a second; `dronecast_closes_total{code="1011"}` counts every failure. */
  function logFailure(clientId: string, error: unknown): void {
    const now = Date.now();
    if (now - failureLoggedAt < FAILURE_LOG_MS) return;
    failureLoggedAt = now;
    log.error({ err: error, clientId }, 'closed a client with 1011 because of an unexpected error');
  }

  function written(waitedMs: number): void {
    metrics.written(waitedMs);
    trace?.written();
  }

  const feed = createFeed({
    bus: { ...bus, subscribe: (listener) => bus.subscribe(countingDisconnects(listener, metrics)) },
    log,
    deliver(route, text, id) {
      const frame = encodeTextFrame(text);
      if (id) {
        ring.push({ id, route, frame });
        metrics.received(id.ms);
      }
      trace?.arrived(text);
      for (const [format, hub] of hubs) if (!hub.isEmpty()) hub.publish(route, format.event(frame));
    },
    restart(place, reason) {
      ring.restart(place);
      if (reason === undefined) return;
      metrics.gap();
      log.warn({ reason }, 'events may have been missed; every client is told');
      const gap = gapFrame(formatCursor(feed.position()), reason);
      for (const [format, hub] of hubs) hub.announce(format.relay(gap));
    },
  });

  function hubOf({ format }: Peer): Hub<Peer> {
    const known = hubs.get(format);
    if (known) return known;
    const hub = createHub<Peer>({ windowMs: options.coalesceMs, traffic, written });
    hubs.set(format, hub);
    return hub;
  }

  /** How far a client is: what it hands back to go on from there. Sends what still waits for it. */
  const cursorOf = (peer: Peer): string => {
    hubOf(peer).settle(peer);
    return formatCursor(peer.place ?? feed.position());
  };

  function greet(peer: Peer, isResumed: boolean): void {
    const data = {
      clientId: peer.id,
      cursor: cursorOf(peer),
      resumed: isResumed,
      heartbeatMs: options.heartbeatMs,
    };
    peer.tell({ type: 'relay', event: 'relay.connected', data });
  }

  function tellGap(peer: Peer, reason: string): void {
    peer.place = undefined;
    peer.tell(gapFrame(cursorOf(peer), reason));
  }

  function join(peer: Peer): void {
    peer.place = undefined;
    if (!peer.isOpen()) return;
    hubOf(peer).join(peer);
    peer.caughtUp();
  }

  /** Nothing is built for a format that nobody uses any more. */
  function leave(peer: Peer): void {
    const hub = hubOf(peer);
    hub.leave(peer);
    if (hub.isEmpty()) hubs.delete(peer.format);
  }

  const slices = createTimeSlices();
  const resume = createResume({ position: feed.position, ring, archive, slices, tellGap, join });

  function refilter(peer: Peer, filter: Filter): void {
    hubOf(peer).refilter(peer, () => {
      peer.filter = filter;
    });
  }

  /** A ping, and for those who get live events a fresh cursor, since their filter may rarely match. */
  const heartbeat = createHeartbeat<Peer>(options.heartbeatMs, (turn) => {
    const data = { cursor: formatCursor(feed.position()) };
    const beats = new Map<Format, Buffer>();
    for (const [format] of hubs) {
      const beat = format.relay({ type: 'relay', event: 'relay.heartbeat', data });
      beats.set(format, Buffer.concat([format.ping, beat]));
    }
    for (const peer of turn) {
      peer.attempt(() => {
        const { ping } = peer.format;
        if (peer.expectSign()) peer.send((hubOf(peer).settle(peer) && beats.get(peer.format)) || ping);
        else peer.terminate();
      });
    }
  });

  const expiry = createExpiry<Peer>({
    warn: (peer, expiresInMs) => peer.tell({ type: 'relay', event: 'relay.expiring', data: { expiresInMs } }),
    end: (peer) => peer.close(CloseCode.TOKEN_EXPIRED),
  });

  metrics.follow({
    traffic,
    peers: () => peers.size,
    waitingBytes: budget.waitingBytes,
    isLive: feed.isLive,
  });

  return {
    grant: createGrant,

    /** What may wait for clients that read slowly. */
    buffers: { bufferBytes: options.peerBufferBytes, budget },

    /** Resolves when a new client's turn has come. */
    async turn(): Promise<void> {
      arriving += 1;
      await arrivals.next();
      arriving -= 1;
    },

    /** Why a new client cannot be admitted now; undefined when it can. */
    refusal(): string | undefined {
      if (isDraining) return 'The relay is restarting';
      if (!feed.hasCaughtUp()) return 'The relay has not reached the event bus yet';
      return peers.size + arriving >= options.maxPeers ? 'The relay is full' : undefined;
    },

    /** True when a caller (a subject or an address) has as many clients here as it may have. */
    hasTooMany: (caller: string): boolean => quota.isFull(caller),

    admit({ transport, caller, since, ...grant }: Arrival): void {
      const peer = createPeer(transport, grant.restricted, logFailure);
      const cursor = (): string => cursorOf(peer);
      // Most clients never say anything.
      let hear: ReturnType<typeof createSession> | undefined;
      const openSession = () =>
        createSession(peer, grant, {
          refilter,
          cursor,
          authenticate,
          renewed: ({ expiresAt }) => expiry.set(peer, expiresAt),
          turn: changes.next,
          framesPerSecond: options.framesPerSecond,
        });
      const welcome = (isResumed: boolean): void => {
        greet(peer, isResumed);
        forbid(peer, grant.forbidden);
        peer.start({
          hear: (data, isBinary) =>
            peer.attempt(() => {
              hear ??= openSession();
              hear(data, isBinary);
            }),
          cursor,
          fail: peer.fail,
        });
      };
      peers.add(peer);
      quota.take(caller);
      expiry.set(peer, grant.access.expiresAt);
      heartbeat.add(peer);
      peer.onClose((code) => {
        metrics.closed(code);
        peers.delete(peer);
        heartbeat.delete(peer);
        expiry.delete(peer);
        quota.release(caller);
        peer.attempt(() => leave(peer));
      });
      if (!since) {
        peer.attempt(() => {
          welcome(false);
          join(peer);
        });
      } else {
        resume(peer, since, (isResumed) => {
          metrics.resumed(isResumed);
          welcome(isResumed);
        }).catch(peer.fail);
      }
    },

    health: () => ({
      isDraining,
      hasCaughtUp: feed.hasCaughtUp(),
      isLive: feed.isLive(),
      peers: peers.size,
    }),

    /** Tells every client to go elsewhere and closes them, spread over a while; cuts off who does not answer. */
    async drain(): Promise<void> {
      isDraining = true;
      const leaving = [...peers];
      const windowMs = Math.min(options.drainMs, (leaving.length / CLOSES_PER_SECOND) * 1000);
      await Promise.all(
        leaving.map(async (peer) => {
          const retryAfterMs = Math.round(Math.random() * windowMs);
          await changes.next();
          peer.tell({ type: 'relay', event: 'relay.draining', data: { retryAfterMs } });
          await delay(retryAfterMs);
          peer.close(CloseCode.RESTARTING);
        }),
      );
      const deadline = Date.now() + CLOSE_GRACE_MS;
      while (peers.size > 0 && Date.now() < deadline) await delay(10);
      for (const peer of peers) peer.terminate();
    },

    async close(): Promise<void> {
      heartbeat.stop();
      expiry.stop();
      await feed.close();
    },
  };
}

export type RelayCore = ReturnType<typeof createRelayCore>;
