import { randomUUID } from 'node:crypto';
import type { Access } from '@dronecast/auth';
import type { EventBus, Outbox } from '@dronecast/bus';
import {
  type Broadcast,
  type EventMessage,
  SYSTEM_BROADCAST_CHANNEL,
  SystemBroadcast,
} from '@dronecast/events';
import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { EventTooLarge, encodeBounded } from '../drone/event-size.js';
import { actorOf } from './actor.js';
import { hashOf, REMEMBERED_MS } from './idempotency.js';
import type { ListGate } from './list-gate.js';
import { busUnavailable, eventTooLarge, idempotencyKeyReused } from './problems.js';

/** Looser than the schema: a later version may know more levels. */
const checker = TypeCompiler.Compile(
  Type.Object({
    ...Type.Pick(SystemBroadcast, ['id', 'event', 'timestamp']).properties,
    data: Type.Object({ message: Type.String(), level: Type.String() }),
  }),
);

export interface BroadcastServiceDependencies {
  readonly bus: Pick<EventBus, 'publish' | 'lease' | 'readBroadcasts'>;
  readonly listGate: ListGate;
}

/** Announcements to everybody: published at once or refused, since no drone's outbox could keep them. */
export function createBroadcastService({ bus, listGate }: BroadcastServiceDependencies) {
  async function publish(event: EventMessage, outbox: Omit<Outbox, 'entries'>): Promise<void> {
    await bus.publish([{ ...outbox, entries: [{ seq: 1, events: [event] }] }]).catch(refuse);
  }

  return {
    /** With a key, the same request of the same caller publishes once. Resolves with false for a retry. */
    async broadcast(data: Broadcast, key: string | undefined, access: Access): Promise<boolean> {
      const event = encode(data, actorOf(access));
      if (key === undefined) {
        await publish(event, { key: undefined });
        return true;
      }
      const body = hashOf(data);
      const request = `broadcast:${hashOf([access.subject ?? null, key])}`;
      // The outbox's key names the body, so this lease is needed only to tell the caller of a mistake.
      if (!(await bus.lease(request, body, REMEMBERED_MS).catch(refuse))) throw idempotencyKeyReused();
      const once = `${request}:${body}`;
      await publish(event, { key: once, ttlSeconds: REMEMBERED_MS / 1000 });
      // Taken after publishing, so that a retry counts as the first if the answer of the bus was lost before.
      return bus.lease(`${once}:published`, randomUUID(), REMEMBERED_MS).catch(() => true);
    },

    /** The last broadcasts as they were sent, newest first, whoever asks. */
    async listRecent(limit: number, signal: AbortSignal): Promise<SystemBroadcast[]> {
      const texts = await listGate(signal, () => bus.readBroadcasts(limit).catch(refuse));
      return texts.flatMap(decode);
    },
  };
}

function encode(data: Broadcast, actor: string | undefined): EventMessage {
  const timestamp = new Date().toISOString();
  const head = {
    type: 'system:event',
    event: 'system.broadcast',
    channel: SYSTEM_BROADCAST_CHANNEL,
  } as const;
  try {
    return encodeBounded({ ...head, timestamp, ...(actor !== undefined && { actor }), data }, data);
  } catch (error) {
    throw error instanceof EventTooLarge ? eventTooLarge(error) : error;
  }
}

/** Nothing for a text that is no broadcast: one that another program has put there hides none of ours. */
function decode(text: string): SystemBroadcast[] {
  try {
    const value: unknown = JSON.parse(text);
    return checker.Check(value) ? [value as SystemBroadcast] : [];
  } catch {
    return [];
  }
}

function refuse(error: unknown): never {
  throw busUnavailable(error);
}

export type BroadcastService = ReturnType<typeof createBroadcastService>;
