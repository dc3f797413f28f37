import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventBus } from '@dronecast/bus';
import { CloseCode, encodeRelayFrame, type RelayFrame } from '@dronecast/events';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyBaseLogger } from 'fastify';
import { createFeed } from './feed/feed.js';
import type { Filter } from './hub/filter.js';
import { createHub } from './hub/hub.js';
import { startHeartbeat } from './peer/heartbeat.js';
import { createPeer, type Peer } from './peer/peer.js';
import { createSession } from './peer/session.js';
import { encodeTextFrame } from './peer/text-frame.js';

export interface RelayOptions {
  /** More clients than this are turned away. */
  readonly maxPeers: number;
  /** Bytes that may wait for one client. */
  readonly peerBufferBytes: number;
  /** Milliseconds between two heartbeats. */
  readonly heartbeatMs: number;
  /** Milliseconds over which closes are spread at most when the relay stops. */
  readonly drainMs: number;
}

export interface RelayDependencies {
  readonly bus: EventBus;
  readonly log: FastifyBaseLogger;
}

/** Closing so many clients a second is no burden for the relay that they reconnect to. */
const CLOSES_PER_SECOND = 2000;
/** Milliseconds that clients have to answer the close. */
const CLOSE_GRACE_MS = 1000;

const toFrame = (frame: RelayFrame): Buffer => encodeTextFrame(Buffer.from(encodeRelayFrame(frame)));

/** Everything between the bus and the sockets: feed → hub → peers. Keeps nothing that another relay would need. */
export function createRelayCore({ bus, log }: RelayDependencies, options: RelayOptions) {
  const hub = createHub<Peer>();
  let isDraining = false;

  const feed = createFeed({
    bus,
    log,
    deliver(route, text) {
      hub.publish(route, encodeTextFrame(text));
    },
    gap(reason) {
      log.warn({ reason }, 'events may have been missed; every client is told');
      const frame = toFrame({ type: 'relay', event: 'relay.gap', data: { cursor: cursor(), reason } });
      for (const peer of hub.members) peer.send(frame);
    },
  });

  /** Clients are admitted only after the feed has one. */
  const cursor = (): string => feed.cursor() ?? '';

  const heartbeat = startHeartbeat(options.heartbeatMs, hub.members, () =>
    toFrame({ type: 'relay', event: 'relay.heartbeat', data: { cursor: cursor() } }),
  );

  const refilter = (peer: Peer, filter: Filter): void => hub.refilter(peer, () => peer.setFilter(filter));

  return {
    /** Why a new client cannot be admitted now; undefined when it can. */
    refusal(): string | undefined {
      if (isDraining) return 'The relay is restarting';
      if (!feed.hasCaughtUp()) return 'The relay has not reached the event bus yet';
      return hub.members.size >= options.maxPeers ? 'The relay is full' : undefined;
    },

    admit(socket: WebSocket, connection: Socket, filter: Filter, since: string | undefined): void {
      const peer = createPeer(socket, connection, filter, { bufferBytes: options.peerBufferBytes });
      const session = createSession(peer, { refilter, cursor });
      socket.on('message', (data: Buffer, isBinary: boolean) => session.receive(data, isBinary));
      socket.on('close', () => hub.leave(peer));
      peer.tell({
        type: 'relay',
        event: 'relay.connected',
        data: { clientId: peer.id, cursor: cursor(), resumed: false, heartbeatMs: options.heartbeatMs },
      });
      if (since !== undefined) {
        peer.tell({ type: 'relay', event: 'relay.gap', data: { cursor: cursor(), reason: 'no replay' } });
      }
      hub.join(peer);
    },

    health: () => ({
      isDraining,
      hasCaughtUp: feed.hasCaughtUp(),
      isLive: feed.isLive(),
      peers: hub.members.size,
    }),

    /** Tells every client to go elsewhere and closes them, spread over a while; cuts off who does not answer. */
    async drain(): Promise<void> {
      isDraining = true;
      const peers = [...hub.members];
      const windowMs = Math.min(options.drainMs, (peers.length / CLOSES_PER_SECOND) * 1000);
      await Promise.all(
        peers.map(async (peer) => {
          const retryAfterMs = Math.round(Math.random() * windowMs);
          peer.tell({ type: 'relay', event: 'relay.draining', data: { retryAfterMs } });
          await delay(retryAfterMs);
          peer.close(CloseCode.RESTARTING);
        }),
      );
      const deadline = Date.now() + CLOSE_GRACE_MS;
      while (hub.members.size > 0 && Date.now() < deadline) await delay(10);
      for (const peer of hub.members) peer.terminate();
    },

    async close(): Promise<void> {
      heartbeat.stop();
      await feed.close();
    },
  };
}

export type RelayCore = ReturnType<typeof createRelayCore>;
