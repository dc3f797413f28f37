import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';

const SOCKETS = 200;
const PREFIXES = 100;
/** Milliseconds between two changes of a socket's filter: fewer than a client may make. */
const CHANGE_MS = 100;

const prefixes = (seed: number): string[] =>
  Array.from({ length: PREFIXES }, (_, n) => `STORM-${seed}-${n}`.padEnd(8 + (n % 50), 'x').concat('*'));

/** Keeps many clients that follow many prefixes each, and change half of them all the time, for so many milliseconds. */
export async function stormWithPrefixes(relayUrl: string, durationMs: number): Promise<void> {
  const sockets = Array.from({ length: SOCKETS }, (_, n) => {
    const socket = new WebSocket(`${relayUrl}/ws/events?sn=${prefixes(n).join()}`);
    socket.on('error', () => {});
    return { socket, changing: prefixes(n).slice(PREFIXES / 2) };
  });
  let seed = SOCKETS;
  for (const end = Date.now() + durationMs; Date.now() < end; await delay(CHANGE_MS)) {
    for (const client of sockets) {
      if (client.socket.readyState !== WebSocket.OPEN) continue;
      client.socket.send(JSON.stringify({ action: 'unsubscribe', sn: client.changing }));
      seed += 1;
      client.changing = prefixes(seed).slice(PREFIXES / 2);
      client.socket.send(JSON.stringify({ action: 'subscribe', sn: client.changing }));
    }
  }
  for (const { socket } of sockets) socket.terminate();
}
