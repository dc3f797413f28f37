import { createClient } from 'redis';
import { textFrame } from './text-frame.js';

/** Hands on what our publishers publish, framed: the same bytes as our relay gets, from the same channels. */
export async function followEvents(onFrame: (serialNumber: string, frame: Buffer) => void): Promise<void> {
  const client = createClient({ url: process.env.REDIS_URL ?? '' });
  await client.connect();
  await client.pSubscribe(
    'drone:*',
    (payload, channel) => {
      const [, serialNumber = ''] = channel.toString().split(':');
      onFrame(serialNumber, textFrame(payload));
    },
    true,
  );
}
