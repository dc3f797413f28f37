import { randomUUID } from 'node:crypto';
import type { Access } from '@dronecast/auth';
import type { EventBus, Outbox } from '@dronecast/bus';
import { type Broadcast, type EventMessage, SYSTEM_BROADCAST_CHANNEL } from '@dronecast/events';
import { EventTooLarge, encodeBounded } from '../drone/event-size.js';
import { hashOf, REMEMBERED_MS } from './idempotency.js';
import { busUnavailable, eventTooLarge, idempotencyKeyReused } from './problems.js';

/** Announcements to everybody: published at once or refused, since no drone's outbox could keep them. */
export function createBroadcastService({ bus }: { bus: Pick<EventBus, 'publish' | 'lease'> }) {
  async function publish(event: EventMessage, outbox: Omit<Outbox, 'entries'>): Promise<void> {
    await bus.publish([{ ...outbox, entries: [{ seq: 1, events: [event] }] }]).catch(refuse);
  }

  return {
    /** With a key, the same request of the same caller publishes once. Resolves with false for a retry. */
    async broadcast(data: Broadcast, key: string | undefined, { subject }: Access): Promise<boolean> {
      const event = encode(data);
      if (key === undefined) {
        await publish(event, { key: undefined });
        return true;
      }
      const body = hashOf(data);
      const request = `broadcast:${hashOf([subject ?? null, key])}`;
      // The outbox's key names the body, so this lease is needed only to tell the caller of a mistake.
      if (!(await bus.lease(request, body, REMEMBERED_MS).catch(refuse))) throw idempotencyKeyReused();
      const once = `${request}:${body}`;
      await publish(event, { key: once, ttlSeconds: REMEMBERED_MS / 1000 });
      // Taken after publishing, so that a retry counts as the first if the answer of the bus was lost before.
      return bus.lease(`${once}:published`, randomUUID(), REMEMBERED_MS).catch(() => true);
    },
  };
}

function encode(data: Broadcast): EventMessage {
  const timestamp = new Date().toISOString();
  const head = {
    type: 'system:event',
    event: 'system.broadcast',
    channel: SYSTEM_BROADCAST_CHANNEL,
  } as const;
  try {
    return encodeBounded({ ...head, timestamp, data }, data);
  } catch (error) {
    throw error instanceof EventTooLarge ? eventTooLarge(error) : error;
  }
}

function refuse(error: unknown): never {
  throw busUnavailable(error);
}

export type BroadcastService = ReturnType<typeof createBroadcastService>;
