import { SCOPES, signToken } from '@dronecast/auth';
import type { Incident } from '@dronecast/events';
import t from 'tap';
import { startStandalone } from '../apps/standalone/test/start-standalone.js';
import type * as client from '../packages/client/src/node.js';
import { call, registration } from './support/api.js';
import { EARLIER_COMMIT, earlierClient } from './support/earlier-build.js';
import { testFolder } from './support/folder.js';
import { Queue } from './support/queue.js';

t.test('the client of before takes an incident that has an altitude', async (t) => {
  const file = await earlierClient(t, EARLIER_COMMIT);
  if (file === undefined) return;
  const { connect }: typeof client = await import(file);
  const { url } = await startStandalone(t, { DATA_DIR: testFolder(t) });
  t.equal((await call(url, 'POST', '/api/v1/drones/register', registration('ALT-1'))).status, 201);
  const incidents = new Queue<Incident>();
  const follower = connect({ url, sn: ['ALT-1'] });
  t.teardown(() => follower.close());
  const states = new Queue<string>();
  follower.on('status', ({ state }) => states.push(state));
  follower.on('drone.incident.detected', ({ data }) => incidents.push(data.incident));
  await states.find((state) => state === 'live');
  const report = {
    imageUrl: 'https://images.example/1.jpg',
    objectBBox: [0, 0, 10, 10],
    coordinates: { type: 'Point', coordinates: [8.5, 47.25, 120.5] },
  };
  t.equal((await call(url, 'POST', '/api/v1/drones/sn/ALT-1/incidents', report)).status, 201);
  t.match(await incidents.next(), {
    coordinates: { type: 'Point', coordinates: [8.5, 47.25] },
    altitude: 120.5,
  });
});

t.test('the client of before takes events that name who caused them', async (t) => {
  const file = await earlierClient(t, EARLIER_COMMIT);
  if (file === undefined) return;
  const { connect }: typeof client = await import(file);
  const secret = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
  const env = { DATA_DIR: testFolder(t), AUTH_MODE: 'jwt', JWT_SECRET: secret };
  const { url } = await startStandalone(t, env);
  const content = { sub: 'operator-7', scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 3600 };
  const token = await signToken(content, secret);
  const headers = { authorization: `Bearer ${token}` };
  for (const transport of ['ws', 'sse', 'poll'] as const) {
    const sn = `ACTOR-${transport}`;
    const events = new Queue<object>();
    const follower = connect({ url, token: async () => token, sn: [sn], transport });
    t.teardown(() => follower.close());
    const states = new Queue<string>();
    follower.on('status', ({ state }) => states.push(state));
    for (const name of ['drone.created', 'drone.updated', 'drone.deleted', 'system.broadcast'] as const)
      follower.on(name, (event) => events.push(event));
    await states.find((state) => state === 'live');
    const drone = `/api/v1/drones/sn/${sn}`;
    await call(url, 'POST', '/api/v1/drones/register', registration(sn), headers);
    await call(url, 'PATCH', drone, { deviceName: 'another' }, headers);
    await call(url, 'DELETE', drone, undefined, headers);
    await call(url, 'POST', '/api/v1/system/broadcast', { message: sn, level: 'info' }, headers);
    const actor = 'operator-7';
    t.match(
      await events.take(4),
      [
        { event: 'drone.created', serialNumber: sn, revision: 1, actor },
        { event: 'drone.updated', serialNumber: sn, revision: 2, actor },
        { event: 'drone.deleted', serialNumber: sn, revision: 3, actor },
        { event: 'system.broadcast', data: { message: sn }, actor },
      ],
      transport,
    );
    follower.close();
  }
});
