import type { Incident } from '@dronecast/events';
import t from 'tap';
import { startStandalone } from '../apps/standalone/test/start-standalone.js';
import type * as client from '../packages/client/src/node.js';
import { call, registration } from './support/api.js';
import { EARLIER_COMMIT, earlierClient } from './support/earlier-build.js';
import { Queue } from './support/queue.js';

t.test('the client of before takes an incident that has an altitude', async (t) => {
  const file = await earlierClient(t, EARLIER_COMMIT);
  if (file === undefined) return;
  const { connect }: typeof client = await import(file);
  const { url } = await startStandalone(t, { DATA_DIR: t.testdir() });
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
