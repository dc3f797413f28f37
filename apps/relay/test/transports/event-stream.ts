import { createInterface } from 'node:readline';
import { Queue } from '../../../../test/support/queue.js';
import type { Frame } from '../../../../test/support/socket-client.js';
import { type Driver, get, pathOf } from './driver.js';

/** Goes on as a browser does: by `Last-Event-ID`. */
export const eventStream: Driver = {
  name: 'sse',

  async follow(t, entry) {
    const { since, ...rest } = entry;
    const headers = { ...entry.headers, ...(since !== undefined && { 'last-event-id': since }) };
    const answer = await get({ ...rest, headers }, pathOf('/sse/events', rest));
    t.teardown(() => answer.destroy());
    const greeted = new Queue<Frame>();
    const frames = new Queue<Frame>();
    let cursor = since ?? '';
    let block: { id?: string; data?: string } = {};

    function receive(frame: Frame): void {
      if (frame.event === 'relay.connected') greeted.push(frame);
      else if (frame.event !== 'relay.heartbeat') frames.push(frame);
    }

    const lines = createInterface({ input: answer });
    lines.on('error', () => {}); // A stream that is cut off has no last chunk.
    lines.on('line', (line) => {
      if (line.startsWith('id: ')) block.id = line.slice('id: '.length);
      if (line.startsWith('data: ')) block.data = line.slice('data: '.length);
      if (line !== '') return;
      if (block.id !== undefined) cursor = block.id;
      if (block.data !== undefined) receive(JSON.parse(block.data));
      block = {};
    });
    const ended = new Promise<'end'>((resolve) => {
      answer.on('close', () => resolve('end'));
      answer.on('error', () => resolve('end'));
    });
    await greeted.next();
    return {
      frames,
      cursor: () => cursor,
      ended,
      pause: () => void lines.pause(),
      resume: () => void lines.resume(),
      leave: () => void answer.destroy(),
    };
  },
};
