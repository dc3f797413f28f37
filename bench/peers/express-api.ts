import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import express from 'express';
import mongoose, { Schema } from 'mongoose';
import { createClient } from 'redis';
import { Server } from 'socket.io';

// The registry as Express 5, Mongoose 8 and Socket.IO make it: one update, one answer, one event. It validates nothing,
// keeps no outbox and compares no states.

const droneSchema = new Schema(
  {
    deviceSerialNumber: { type: String, required: true, unique: true },
    deviceName: { type: String, required: true },
    deviceCategory: { type: String, required: true },
    metadata: { alias: { type: String, default: '' }, description: { type: String, default: '' } },
    isUsingAiDetection: { type: Boolean, default: false },
    streamIsOn: { type: Boolean, default: false },
    streamUrl: { type: String, default: '' },
    webRTCUrl: { type: String, default: '' },
    streamCredentials: {
      userName: { type: String, default: '' },
      password: { type: String, default: '' },
      port: { type: String, default: '8554' },
    },
    cameras: { type: [String], default: [] },
    detectionClasses: { type: [Number], default: [] },
  },
  { timestamps: true },
);
const Drone = mongoose.model('Drone', droneSchema);

const publisher = createClient({ url: process.env.REDIS_URL ?? '' });
const subscriber = publisher.duplicate();
await Promise.all([
  publisher.connect(),
  subscriber.connect(),
  mongoose.connect(process.env.MONGODB_URL ?? '', { writeConcern: { w: 'majority', journal: true } }),
]);
await Drone.init();

const app = express();
const server = createServer(app);
const io = new Server(server, { adapter: createAdapter(publisher, subscriber) });

app.use(express.json());

app.get('/health/ready', (_request, response) => {
  response.json({ status: 'ready' });
});

app.post('/api/v1/drones/register', async (request, response) => {
  response.status(201).json({ status: 'success', data: { drone: await Drone.create(request.body) } });
});

app.get('/api/v1/drones/sn/:sn', async (request, response) => {
  const drone = await Drone.findOne({ deviceSerialNumber: request.params.sn });
  response.json({ status: 'success', data: { drone } });
});

app.patch('/api/v1/drones/sn/:sn', async (request, response) => {
  const { sn } = request.params;
  const drone = await Drone.findOneAndUpdate(
    { deviceSerialNumber: sn },
    { $set: request.body },
    { returnDocument: 'after' },
  );
  const data = { serialNumber: sn, droneId: drone?.id, changes: request.body, full: drone };
  io.to(['all', sn]).emit('drone.updated', data);
  response.json({ status: 'success', data: { drone } });
});

server.listen(Number(process.env.PORT), '127.0.0.1');
