import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { MongoClient } from 'mongodb';
import { createClient } from 'redis';

// The floor of the registry: one update or one read, one answer, one PUBLISH, on the bare drivers. No framework, no
// validation, no order, no outbox: what it publishes while Redis is away is lost.

const redis = createClient({ url: process.env.REDIS_URL ?? '' });
const mongo = new MongoClient(process.env.MONGODB_URL ?? '', {
  writeConcern: { w: 'majority', journal: true },
});
await Promise.all([redis.connect(), mongo.connect()]);
const drones = mongo.db().collection('drones');
await drones.createIndex({ deviceSerialNumber: 1 }, { unique: true });

async function answer({ method, url = '' }: IncomingMessage, body: string): Promise<object> {
  const deviceSerialNumber = url.slice(url.lastIndexOf('/') + 1);
  if (url === '/health/ready') return { status: 'ready' };
  if (method === 'GET')
    return { status: 'success', data: { drone: await drones.findOne({ deviceSerialNumber }) } };
  const change = JSON.parse(body);
  if (method === 'POST') return { status: 'success', data: await drones.insertOne(change) };
  const drone = await drones.findOneAndUpdate(
    { deviceSerialNumber },
    { $set: change },
    { returnDocument: 'after' },
  );
  const event = JSON.stringify({ serialNumber: deviceSerialNumber, changes: change, full: drone });
  void redis.publish(`drone:${deviceSerialNumber}:updated`, event);
  return { status: 'success', data: { drone } };
}

const server = createServer(async (request, response) => {
  const body = JSON.stringify(await answer(request, await text(request)));
  response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
  response.end(body);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
