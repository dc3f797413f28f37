import { Queue } from '../../../../test/support/queue.js';
import { connectSocket, type Frame, refusedUpgrade } from '../../../../test/support/socket-client.js';
import { type Driver, headersOf, pathOf, Refused } from './driver.js';

export const webSocket: Driver = {
  name: 'ws',

  async follow(t, entry) {
    const url = `ws://127.0.0.1:${entry.port}${pathOf('/ws/events', entry)}`;
    const options = { headers: headersOf(entry) };
    const client = await connectSocket(t, url, options).catch(async (error) => {
      if (!String(error).includes('Unexpected server response')) throw error;
      const { status, headers, body } = await refusedUpgrade(url, options);
      throw new Refused(status, headers, JSON.parse(body));
    });
    const { socket, greeting, closed } = client;
    let cursor = entry.since !== undefined && !greeting.resumed ? entry.since : greeting.cursor;
    const frames = new Queue<Frame>();
    void (async () => {
      for (;;) {
        const frame = await client.frames.next();
        cursor = frame.id ?? frame.data.cursor ?? cursor;
        if (frame.event !== 'relay.heartbeat') frames.push(frame);
      }
    })().catch(() => {});
    return {
      frames,
      cursor: () => cursor,
      ended: closed.then(({ code }) => code),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      leave: () => socket.terminate(),
    };
  },
};
