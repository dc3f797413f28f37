import { once } from 'node:events';
import { Queue } from '../../../../test/support/queue.js';
import type { Frame } from '../../../../test/support/socket-client.js';
import { type Driver, getJson, pathOf, Refused } from './driver.js';

/** Asks again as soon as it has an answer, until it is refused. */
export const longPoll: Driver = {
  name: 'poll',

  async follow(t, entry) {
    const frames = new Queue<Frame>();
    let cursor = entry.since;
    let hasLeft = false;
    let paused: AbortController | undefined;
    t.teardown(() => {
      hasLeft = true;
    });

    async function ask(wait: number): Promise<void> {
      const next = { ...entry, query: { ...entry.query, wait: `${wait}` }, since: cursor };
      const { body } = await getJson(next, pathOf('/poll/events', next));
      if (hasLeft) return;
      cursor = body.cursor;
      for (const frame of body.events) frames.push(frame);
    }

    await ask(0);
    const ended = (async () => {
      try {
        while (!hasLeft) {
          if (paused) await once(paused.signal, 'abort');
          await ask(1);
        }
        return 'end' as const;
      } catch (error) {
        if (error instanceof Refused) return error.status;
        if (hasLeft) return 'end' as const;
        throw error;
      }
    })();
    return {
      frames,
      cursor: () => cursor ?? '',
      ended,
      pause() {
        paused = new AbortController();
      },
      resume() {
        const waiting = paused;
        paused = undefined;
        waiting?.abort();
      },
      leave() {
        hasLeft = true;
      },
    };
  },
};
