import { randomUUID } from 'node:crypto';
import type { EventBus } from '@dronecast/bus';
import { type Broadcast, encodeEvent, SYSTEM_BROADCAST_CHANNEL } from '@dronecast/events';
import { busUnavailable } from './problems.js';

/** Announcements to everybody: published at once or refused, since no drone's outbox could keep them. */
export function createBroadcastService({ bus }: { bus: Pick<EventBus, 'publish'> }) {
  return {
    async broadcast(data: Broadcast): Promise<void> {
      const event = encodeEvent({
        type: 'system:event',
        event: 'system.broadcast',
        channel: SYSTEM_BROADCAST_CHANNEL,
        timestamp: new Date().toISOString(),
        data,
      });
      try {
        await bus.publish([
          { key: `broadcast:${randomUUID()}`, entries: [{ seq: 1, events: [event], final: true }] },
        ]);
      } catch (error) {
        throw busUnavailable(error);
      }
    },
  };
}

export type BroadcastService = ReturnType<typeof createBroadcastService>;
