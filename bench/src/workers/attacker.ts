import { connect, type Socket } from 'node:net';
import { serve } from '../rpc.js';
import { clientFrame, upgradeRequest } from '../websocket.js';

const RECONNECT_MS = 100;
/** Connections that one turn of the event loop opens. */
const BATCH = 100;
const DRIP_MS = 1000;
/** Frames of a flood that one write carries, and how often it is written. */
const FLOOD_FRAMES = 100;
const FLOOD_MS = 10;

const WEB_SOCKET = upgradeRequest('/ws/events?');
const HALF_OPEN = WEB_SOCKET.slice(0, -4);
const HEADERS = 'GET /health/live HTTP/1.1\r\nHost: bench\r\nX-Slow: ';
const BODY =
  'POST /api/v1/drones/register HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{';
const FLOOD = Buffer.concat(Array.from({ length: FLOOD_FRAMES }, () => clientFrame('{"action":"ping"}')));

/** How one hostile connection behaves, once it is open; returns what ends that. */
type Behaviour = (socket: Socket) => (() => void) | undefined;

function repeat(socket: Socket, ms: number, data: string | Buffer): () => void {
  const timer = setInterval(() => socket.write(data), ms);
  return () => clearInterval(timer);
}

const BEHAVIOURS = {
  /** The last line of the handshake never comes. */
  halfOpen: (socket) => void socket.write(HALF_OPEN),
  /** A byte of a header, or of a body, now and then. */
  slowHeaders: (socket) => {
    socket.write(HEADERS);
    return repeat(socket, DRIP_MS, 'x');
  },
  slowBody: (socket) => {
    socket.write(BODY);
    return repeat(socket, DRIP_MS, ' ');
  },
  flood: (socket) => {
    socket.write(WEB_SOCKET);
    socket.resume();
    return repeat(socket, FLOOD_MS, FLOOD);
  },
  /** Asks for the answers that it does not read, as fast as it may. */
  neverRead: (socket) => {
    socket.write(WEB_SOCKET);
    socket.pause();
    return repeat(socket, 40, clientFrame('{"action":"ping"}'));
  },
} satisfies Record<string, Behaviour>;

export interface Attack {
  readonly port: number;
  readonly behaviour: keyof typeof BEHAVIOURS;
  /** Connections that are kept open: who is thrown out comes back. */
  readonly count: number;
}

const sockets = new Set<Socket>();
let isOver = true;

function open(attack: Attack): void {
  if (isOver) return;
  const socket = connect(attack.port, '127.0.0.1');
  const behave: Behaviour = BEHAVIOURS[attack.behaviour];
  let end: (() => void) | undefined;
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('connect', () => {
    end = behave(socket);
  });
  socket.on('close', () => {
    end?.();
    sockets.delete(socket);
    setTimeout(open, RECONNECT_MS, attack);
  });
}

const commands = {
  /** Resolves when all connections have been begun. */
  async start(attacks: readonly Attack[]): Promise<void> {
    isOver = false;
    for (const attack of attacks) {
      for (let begun = 0; begun < attack.count; begun += 1) {
        open(attack);
        if (begun % BATCH === 0) await new Promise(setImmediate);
      }
    }
  },

  async stop(): Promise<void> {
    isOver = true;
    for (const socket of sockets) socket.resetAndDestroy();
  },
};
export type AttackerCommands = typeof commands;

serve(commands);
