import { setTimeout as delay } from 'node:timers/promises';
import { createRedisBus } from '@dronecast/bus';
import { type Cursor, compareStreamIds, STREAM_START } from '@dronecast/events';
import type { Sightings } from './sighting.js';

const INTERVAL_MS = 100;
const PAGE = 1000;

/** Reads the history as it grows, past all links and relays: what was published while no relay was there is known, too. */
export function startTap(redisUrl: string, sightings: Sightings) {
  const bus = createRedisBus({ url: redisUrl, maxEvents: 1, maxAgeHours: 1, log: { info() {}, warn() {} } });
  let place: Cursor = { epoch: '', id: STREAM_START };
  let isClosed = false;

  /** To the end of the history, which is returned. Rejects while Redis is away. */
  async function read(): Promise<Cursor> {
    for (;;) {
      const { epoch, newest, events } = await bus.read(place.id, PAGE);
      if (epoch !== place.epoch) {
        place = { epoch, id: STREAM_START };
        continue;
      }
      for (const { id, frame } of events) {
        sightings.note(JSON.parse(frame.toString()));
        place = { epoch, id };
      }
      if (events.length === 0 || compareStreamIds(place.id, newest) >= 0) return place;
    }
  }

  async function run(): Promise<void> {
    while (!isClosed) {
      await read().catch(() => {});
      await delay(INTERVAL_MS);
    }
  }
  const running = run();

  return {
    async close(): Promise<void> {
      isClosed = true;
      await running;
      await bus.close();
    },
    read,
  };
}

export type Tap = ReturnType<typeof startTap>;
