import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { textFrame } from './text-frame.js';

/** What every client is told first, as from our relay. */
const GREETING = textFrame(Buffer.from('{"type":"relay","event":"relay.connected","data":{}}'));

/**
 * Listens on `PORT` and makes WebSockets with `ws`. `onSocket` gets each connection and the serial number that it asks
 * for; undefined is all of them.
 */
export function hostSockets(onSocket: (connection: Socket, serialNumber: string | undefined) => void): void {
  const server = createServer((_request, response) => response.end('{"status":"ready"}'));
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (request, connection: Socket, head) => {
    webSockets.handleUpgrade(request, connection, head, () => {
      const { searchParams } = new URL(request.url ?? '/', 'http://bench');
      connection.write(GREETING);
      onSocket(connection, searchParams.get('sn') ?? undefined);
    });
  });
  server.listen(Number(process.env.PORT), '127.0.0.1');
}
