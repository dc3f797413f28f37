import type { EventBus } from '@dronecast/bus';
import { type Broadcast, SYSTEM_BROADCAST_CHANNEL } from '@dronecast/events';
import { EventTooLarge, encodeBounded } from '../drone/event-size.js';
import { busUnavailable, eventTooLarge } from './problems.js';

/** Announcements to everybody: published at once or refused, since no drone's outbox could keep them. */
export function createBroadcastService({ bus }: { bus: Pick<EventBus, 'publish'> }) {
  return {
    async broadcast(data: Broadcast): Promise<void> {
      try {
        const event = encodeBounded(
          {
            type: 'system:event',
            event: 'system.broadcast',
            channel: SYSTEM_BROADCAST_CHANNEL,
            timestamp: new Date().toISOString(),
            data,
          },
          data,
        );
        await bus.publish([{ key: undefined, entries: [{ seq: 1, events: [event] }] }]);
      } catch (error) {
        throw error instanceof EventTooLarge ? eventTooLarge(error) : busUnavailable(error);
      }
    },
  };
}

export type BroadcastService = ReturnType<typeof createBroadcastService>;
