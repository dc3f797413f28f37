import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';

// Socket.IO 4 as its documentation sets it up for several processes: a room per serial number, and one for all.

const publisher = createClient({ url: process.env.REDIS_URL ?? '' });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const server = createServer((_request, response) => response.end('{"status":"ready"}'));
const io = new Server(server, {
  adapter: createAdapter(publisher, subscriber),
  transports: ['websocket'],
  pingInterval: Number(process.env.HEARTBEAT_MS),
});
io.on('connection', (socket) => {
  const { sn } = socket.handshake.query;
  socket.join(typeof sn === 'string' ? sn : 'all');
});
server.listen(Number(process.env.PORT), '127.0.0.1');
