import { followEvents } from './event-feed.js';
import { createFollowers } from './followers.js';
import { hostSockets } from './socket-host.js';

// One write for each event and socket, at once; the frame is made once.

const followers = createFollowers();

await followEvents((serialNumber, frame) => {
  for (const connection of followers.everything) connection.write(frame);
  for (const connection of followers.of(serialNumber) ?? []) connection.write(frame);
});
hostSockets(followers.add);
