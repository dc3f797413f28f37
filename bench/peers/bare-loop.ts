import type { Socket } from 'node:net';
import { followEvents } from './event-feed.js';
import { createFollowers } from './followers.js';
import { hostSockets } from './socket-host.js';

// The floor: the least that a Node process can do to hand events to sockets. No history, no resume, no bounds.

const WINDOW_MS = Number(process.env.WINDOW_MS ?? 10);

const followers = createFollowers();
let all: Buffer[] = [];
let bySerialNumber = new Map<string, Buffer[]>();
let isWaiting = false;

function write(connections: ReadonlySet<Socket> | undefined, frames: readonly Buffer[]): void {
  if (!connections || connections.size === 0) return;
  const joined = frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames);
  for (const connection of connections) connection.write(joined);
}

function flush(): void {
  isWaiting = false;
  write(followers.everything, all);
  for (const [serialNumber, frames] of bySerialNumber) write(followers.of(serialNumber), frames);
  all = [];
  bySerialNumber = new Map();
}

await followEvents((serialNumber, frame) => {
  all.push(frame);
  if (followers.of(serialNumber)) {
    const frames = bySerialNumber.get(serialNumber);
    if (frames) frames.push(frame);
    else bySerialNumber.set(serialNumber, [frame]);
  }
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(flush, WINDOW_MS);
});
hostSockets(followers.add);
