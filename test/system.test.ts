import { createClient } from 'redis';
import t from 'tap';
import { call, registration } from './support/api.js';
import { connectSocket } from './support/socket-client.js';
import { requiresSystem, startSystem } from './support/system.js';

const MERGE = { 'content-type': 'application/merge-patch+json' };

t.test(
  'two APIs and two relays on MongoDB and Redis',
  { skip: !requiresSystem(t) && 'servers missing' },
  async (t) => {
    const system = await startSystem(t);
    const [apiA, apiB] = system.apis.map(({ url }) => url) as [string, string];
    const sockets = (query: string) =>
      Promise.all(
        system.relays.map(({ port }) => connectSocket(t, `ws://127.0.0.1:${port}/ws/events${query}`)),
      );

    t.test('PATCH streamIsOn', async (t) => {
      const clients = await sockets('?sn=FLOW-1');
      await call(
        apiA,
        'POST',
        '/api/v1/drones/register',
        registration('FLOW-1', { streamUrl: 'rtsp://cam/1' }),
      );
      const answer = await call(apiB, 'PATCH', '/api/v1/drones/sn/FLOW-1', { streamIsOn: true });
      t.equal(answer.status, 200);
      for (const { frames } of clients) {
        const [created, updated, stream] = await frames.take(3);
        t.match(created, { event: 'drone.created', revision: 1 });
        t.match(updated, {
          event: 'drone.updated',
          channel: 'drone:FLOW-1:updated',
          serialNumber: 'FLOW-1',
          revision: 2,
          data: {
            changes: { streamIsOn: true },
            previous: { streamIsOn: false },
            full: { streamIsOn: true },
          },
        });
        t.same(Object.keys(updated ?? {})[0], 'id');
        t.match(stream, {
          event: 'drone.stream.status',
          channel: 'drone:FLOW-1:stream',
          revision: 2,
          data: { streamIsOn: true, previousStatus: false, streamUrl: 'rtsp://cam/1' },
        });
      }
    });

    t.test('PATCH streamIsOn with detectionClasses', async (t) => {
      const clients = await sockets('?sn=FLOW-2');
      await call(apiA, 'POST', '/api/v1/drones/register', registration('FLOW-2', { detectionClasses: [1] }));
      const body = { streamIsOn: true, detectionClasses: [0, 2] };
      const patched = await call(apiA, 'PATCH', '/api/v1/drones/sn/FLOW-2', body, MERGE);
      t.equal(patched.headers.etag, `"${patched.body.data.drone.id}-2"`);
      await call(apiB, 'PATCH', '/api/v1/drones/sn/FLOW-2', { deviceName: 'last' });
      for (const { frames } of clients) {
        const seen = await frames.take(5);
        t.same(
          seen.map(({ event, revision }) => [event, revision]),
          [
            ['drone.created', 1],
            ['drone.updated', 2],
            ['drone.stream.status', 2],
            ['drone.detection.classes.changed', 2],
            ['drone.updated', 3],
          ],
        );
        t.match(seen[3]?.data, { detectionClasses: [0, 2], previousClasses: [1] });
      }
    });

    t.test('a nested PATCH keeps what it does not name', async (t) => {
      const given = {
        metadata: { alias: 'north', description: 'gate' },
        streamCredentials: { userName: 'cam', password: 'hush', port: 8554 },
      };
      await call(apiA, 'POST', '/api/v1/drones/register', registration('NEST-1', given));
      await call(apiB, 'PATCH', '/api/v1/drones/sn/NEST-1', { metadata: { alias: 'south' } });
      const { drone } = (await call(apiA, 'GET', '/api/v1/drones/sn/NEST-1')).body.data;
      t.same(drone.metadata, { alias: 'south', description: 'gate' });
      t.same(drone.streamCredentials, { userName: 'cam', password: 'hush', port: '8554' });
    });

    t.test('?sn= sees only its own, and no event twice', async (t) => {
      const [own] = await sockets('?sn=ONLY-1');
      const [all] = await sockets('');
      await call(apiA, 'POST', '/api/v1/drones/register', registration('ONLY-2'));
      await call(apiB, 'POST', '/api/v1/drones/register', registration('ONLY-1'));
      await call(apiA, 'POST', '/api/v1/drones/sn/ONLY-1/incidents', {
        imageUrl: 'https://images.example/1.jpg',
        objectBBox: [1, 2, 3, 4],
      });
      await call(apiB, 'DELETE', '/api/v1/drones/sn/ONLY-1');
      const kinds = ['drone.created', 'drone.incident.detected', 'drone.deleted'];
      const ownFrames = (await own?.frames.take(3)) ?? [];
      t.same(
        ownFrames.map(({ event, serialNumber }) => [event, serialNumber]),
        kinds.map((kind) => [kind, 'ONLY-1']),
      );
      t.same(
        ownFrames.map(({ revision }) => revision),
        [1, 1, 2],
      );
      const allFrames = (await all?.frames.take(4)) ?? [];
      t.same(
        allFrames.map(({ event }) => event),
        ['drone.created', ...kinds],
      );
      await call(apiA, 'POST', '/api/v1/system/broadcast', { message: 'end', level: 'info' });
      t.equal((await all?.frames.next())?.event, 'system.broadcast', 'the copies did not come as well');
      t.equal((await own?.frames.next())?.event, 'system.broadcast', 'it goes to everybody');
    });

    t.test('what others publish arrives marked foreign, without an id', async (t) => {
      const clients = await sockets('?sn=FOREIGN-1');
      const redis = createClient({ url: system.redis.url });
      await redis.connect();
      t.teardown(() => redis.destroy());
      await redis.publish('drone:FOREIGN-1:stream', 'not JSON');
      await redis.publish('drone:FOREIGN-2:stream', '{"other":true}');
      await redis.publish('drone:all:created', '{"copy":true}');
      await redis.publish('drone:FOREIGN-1:stream', '{"id":"mine","volts":11.1}');
      await redis.publish('drone:all:weather', '{"wind":7}');
      await redis.publish('system:notice', '{"text":"hello"}');
      for (const { frames } of clients) {
        t.same(await frames.take(3), [
          {
            type: 'drone:event',
            channel: 'drone:FOREIGN-1:stream',
            serialNumber: 'FOREIGN-1',
            foreign: true,
            data: { id: 'mine', volts: 11.1 },
          },
          { type: 'drone:event', channel: 'drone:all:weather', foreign: true, data: { wind: 7 } },
          { type: 'system:event', channel: 'system:notice', foreign: true, data: { text: 'hello' } },
        ]);
      }
    });

    t.test('32 writers change one drone 2,000 times through both APIs', async (t) => {
      const WRITERS = 32;
      const PATCHES = 2000;
      await call(apiA, 'POST', '/api/v1/drones/register', registration('BUSY-1'));
      const clients = await sockets('?sn=BUSY-1&events=updated');
      const acknowledged: { revision: number; description: string }[] = [];
      let next = 0;
      await Promise.all(
        Array.from({ length: WRITERS }, async (_, writer) => {
          const api = writer % 2 === 0 ? apiA : apiB;
          while (next < PATCHES) {
            const description = `${next++} by ${writer}`;
            const answer = await call(api, 'PATCH', '/api/v1/drones/sn/BUSY-1', {
              metadata: { description },
            });
            if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
            acknowledged.push({ revision: answer.body.data.drone.revision, description });
          }
        }),
      );
      acknowledged.sort((a, b) => a.revision - b.revision);
      const revisions = Array.from({ length: PATCHES }, (_, index) => index + 2);
      t.same(
        acknowledged.map(({ revision }) => revision),
        revisions,
        'each PATCH has a revision of its own',
      );
      const { drone } = (await call(apiA, 'GET', '/api/v1/drones/sn/BUSY-1')).body.data;
      t.equal(drone.revision, PATCHES + 1);
      t.equal(
        drone.metadata.description,
        acknowledged.at(-1)?.description,
        'the last revision is the final state',
      );
      for (const { frames } of clients) {
        const seen = await frames.take(PATCHES);
        t.same(
          seen.map(({ revision }) => revision),
          revisions,
          'without hole or repeat',
        );
        t.same(
          seen.map(({ data }) => data.changes.metadata.description),
          acknowledged.map(({ description }) => description),
        );
      }
    });
  },
);
