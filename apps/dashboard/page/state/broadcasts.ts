import type { DronecastEvent, EventOf } from '@dronecast/client';
import { signal } from '@preact/signals';

const MOST = 20;

export type Broadcast = EventOf<'system.broadcast'>;

/** Newest first. */
export const broadcasts = signal<readonly Broadcast[]>([]);

export function hearBroadcast(event: DronecastEvent): void {
  if (event.event === 'system.broadcast') broadcasts.value = [event, ...broadcasts.value].slice(0, MOST);
}

export const dismiss = (id: string): void => {
  broadcasts.value = broadcasts.value.filter((broadcast) => broadcast.id !== id);
};
