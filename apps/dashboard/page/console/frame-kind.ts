import { type Item, isForeign, isGap } from '@dronecast/client';

/** What frames can be filtered by, with its name: the kinds of events, and what is no event. */
export const FRAME_KINDS = {
  created: 'Created',
  updated: 'Updated',
  deleted: 'Deleted',
  stream: 'Stream',
  ai: 'AI',
  config: 'Config',
  incident: 'Incident',
  system: 'System',
  gap: 'Gap',
  foreign: 'Foreign',
} as const;

/** The last part of a drone's channel, as the relay filters by it. */
export function frameKindOf(item: Item): string {
  if (isGap(item)) return 'gap';
  if (isForeign(item)) return 'foreign';
  if (item.event === 'system.broadcast') return 'system';
  return item.channel.slice(item.channel.lastIndexOf(':') + 1);
}
