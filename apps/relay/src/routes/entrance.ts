import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Access } from '@dronecast/auth';
import { type OriginList, Problem, requireOrigin } from '@dronecast/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidFilter } from '../hub/filter.js';
import type { Arrival, RelayCore } from '../relay.js';
import { type StreamQuery, toNames } from './stream-query.js';

/** What a client that may come in brings along, whatever the transport. */
export type Admitted = Omit<Arrival, 'transport' | 'since'>;

export interface EntranceDependencies {
  readonly relay: RelayCore;
  /** Of pages that may connect, besides our own. */
  readonly isListed: OriginList;
}

/** Requests that may wait on one connection. */
const MAX_WAITING = 32;

/** How many wait on each connection. */
const waiting = new WeakMap<Socket, number>();

/**
 * Resolves once all earlier requests of the connection are answered: only then may the response be written past Node, and
 * only then does Node tell it when its connection ends. If that ends before, this never resolves, and nobody else knows of
 * the request: it is garbage together with the connection.
 */
async function waitInLine(response: ServerResponse, connection: Socket): Promise<void> {
  if (response.socket) return;
  const count = waiting.get(connection) ?? 0;
  if (count >= MAX_WAITING)
    throw new Problem(
      400,
      'pipelined_request',
      `At most ${MAX_WAITING} requests may wait on a connection: read the answers before you send more`,
    );
  waiting.set(connection, count + 1);
  await new Promise<void>((resolve) => response.once('socket', () => resolve()));
  waiting.set(connection, (waiting.get(connection) ?? 1) - 1);
}

/**
 * Lets clients in, one after the other. Rejects with the problem that names the wrong parameter, that nothing is left of
 * what the caller may see, or that there is no room: before anything else is answered.
 */
export function createEntrance({ relay, isListed }: EntranceDependencies) {
  function grant({ sn, events }: StreamQuery, access: Access) {
    try {
      const granted = relay.grant({ sn: toNames(sn), events: toNames(events) }, access);
      if (granted) return granted;
    } catch (error) {
      if (!(error instanceof InvalidFilter)) throw error;
      const { field, message } = error;
      throw new Problem(400, 'invalid_filter', `${field}: ${message}`, {
        errors: [{ pointer: `/${field}`, message }],
      });
    }
    throw new Problem(403, 'forbidden', 'None of what is asked for is yours');
  }

  function refuseIfFull(): void {
    const refusal = relay.refusal();
    if (refusal) throw new Problem(503, 'relay_unavailable', refusal, { retryAfterSeconds: 2 });
  }

  return async function enter(
    request: FastifyRequest,
    reply: FastifyReply,
    query: StreamQuery,
  ): Promise<Admitted> {
    const { access, ip, raw } = request;
    await waitInLine(reply.raw, raw.socket);
    requireOrigin(request, reply, isListed);
    refuseIfFull();
    await relay.turn();
    const granted = grant(query, access);
    const caller = access.subject ?? ip;
    if (raw.socket.destroyed) throw new Problem(400, 'client_gone', 'The client has not waited for its turn');
    if (relay.hasTooMany(caller))
      throw new Problem(429, 'too_many_connections', 'Too many connections', { retryAfterSeconds: 30 });
    refuseIfFull();
    return { ...granted, caller };
  };
}

export type Entrance = ReturnType<typeof createEntrance>;

/** What each route to the relay's events needs. */
export interface EventRouteOptions {
  readonly relay: RelayCore;
  readonly enter: Entrance;
}
