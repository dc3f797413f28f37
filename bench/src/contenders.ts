import { builtPath, fromRoot } from './paths.js';
import type { Protocol } from './workers/socket-client.js';

/** A server that hands on events to sockets. */
export interface Contender {
  readonly name: string;
  readonly script: string;
  /** How its clients and its publisher speak. */
  readonly protocol: Protocol;
  /** Where sockets open; `sn` is added. */
  readonly path: string;
}

/** What is measured. */
export const OURS = 'dronecast';
/** What it is measured against. */
export const FLOOR = 'bare loop';
export const SOCKET_IO = 'socket.io';
/** The REST peer. */
export const EXPRESS = 'express + mongoose';
/** The floor of the REST peers. */
export const BARE_DRIVERS = 'bare drivers';

const peer = (name: string, script: string): Contender => ({
  name,
  script: builtPath(`peers/${script}.js`),
  protocol: 'plain',
  path: '/ws/events?',
});

const ours: Contender = {
  name: OURS,
  script: fromRoot('apps/relay/dist/server.js'),
  protocol: 'plain',
  path: '/ws/events?',
};
const oursBySse: Contender = { ...ours, name: `${OURS}, SSE`, protocol: 'sse', path: '/sse/events?' };
const floor = peer(FLOOR, 'bare-loop');
const writeEach = peer('write each', 'write-each');
const socketIo: Contender = {
  ...peer(SOCKET_IO, 'socket-io'),
  protocol: 'socket.io',
  path: '/socket.io/?EIO=4&transport=websocket&',
};

export const RELAYS: readonly Contender[] = [ours, oursBySse, floor, writeEach, socketIo];
export const OURS_AND_FLOOR: readonly Contender[] = [ours, floor];
export const OURS_ALONE: Contender = ours;
