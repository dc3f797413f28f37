import { SCOPES, signToken } from '@dronecast/auth';
import t from 'tap';
import { request } from 'undici';
import { call, registration } from '../../../test/support/api.js';
import { testFolder } from '../../../test/support/folder.js';
import { connectSocket, type Frame } from '../../../test/support/socket-client.js';
import { eventsUrl, startStandalone } from './start-standalone.js';

const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const DRONES = '/api/v1/drones';
const incident = { imageUrl: 'https://images.example/1.jpg', objectBBox: [1, 2, 3, 4] };

const tokenOf = (sub: string) =>
  signToken({ sub, scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 3600 }, SECRET);

/** The first `count` events of an event stream. U+2028 ends no line. */
async function readStream(url: string, count: number): Promise<Frame[]> {
  const controller = new AbortController();
  const { body } = await request(url, { signal: controller.signal });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const frames = [...text.matchAll(/^data: ([^\n]+)\n\n/gm)].map(
      ([, json = '']) => JSON.parse(json) as Frame,
    );
    const events = frames.filter(({ type }) => type !== 'relay');
    if (events.length === count) {
      controller.abort();
      return events;
    }
  }
  throw new Error(`the stream ended: ${text}`);
}

const named = (frames: readonly Frame[]) => frames.map(({ event, actor }) => [event, actor]);

t.test('who caused an event is named live, in a replay and in a long-poll', async (t) => {
  const env = { DATA_DIR: testFolder(t), AUTH_MODE: 'jwt', JWT_SECRET: SECRET };
  const server = await startStandalone(t, env);
  const { url } = server;
  const follower = await tokenOf('follower');
  const http = (path: string, query = '') => `${url}${path}?access_token=${follower}${query}`;
  const live = await connectSocket(t, eventsUrl(server, `?access_token=${follower}`));
  const liveStream = readStream(http('/sse/events', `&since=${live.greeting.cursor}`), 7);

  const as = async (sub: string, ...[method, path, body]: [Parameters<typeof call>[1], string, unknown?]) => {
    const headers = { authorization: `Bearer ${await tokenOf(sub)}` };
    t.ok((await call(url, method, path, body, headers)).status < 300, `${method} ${path}`);
  };
  const long = 'x'.repeat(256);
  await as('registrar', 'POST', `${DRONES}/register`, registration('A-1'));
  await as('operator', 'PATCH', `${DRONES}/sn/A-1`, { streamIsOn: true });
  await as('nobody', 'PATCH', `${DRONES}/sn/A-1`, { streamIsOn: true });
  await as('detector', 'POST', `${DRONES}/sn/A-1/incidents`, incident);
  await as(long, 'PATCH', `${DRONES}/sn/A-1`, { deviceName: 'another' });
  await as('dispatcher', 'POST', '/api/v1/system/broadcast', { message: 'storm', level: 'critical' });
  await as('"data":{\u2028', 'DELETE', `${DRONES}/sn/A-1`);
  const expected = [
    ['drone.created', 'registrar'],
    ['drone.updated', 'operator'],
    ['drone.stream.status', 'operator'],
    ['drone.incident.detected', 'detector'],
    ['drone.updated', long],
    ['system.broadcast', 'dispatcher'],
    ['drone.deleted', '"data":{\u2028'],
  ];
  const frames = await live.frames.take(expected.length);
  t.same(named(frames), expected, 'live, WebSocket');
  for (const frame of frames) t.same(Object.keys(frame).slice(-3), ['timestamp', 'actor', 'data']);
  t.same(await liveStream, frames, 'live, event stream');

  const since = `&since=${live.greeting.cursor}`;
  const again = await connectSocket(t, eventsUrl(server, `?access_token=${follower}${since}`));
  t.same(await again.frames.take(expected.length), frames, 'replay, WebSocket');
  t.same(await readStream(http('/sse/events', since), expected.length), frames, 'replay, event stream');
  const poll = (await (await fetch(http('/poll/events', since))).json()) as { events: Frame[] };
  t.same(poll.events, frames, 'long-poll');
  const { body } = await call(url, 'GET', '/api/v1/system/broadcasts', undefined, {
    authorization: `Bearer ${follower}`,
  });
  t.same(body.data.broadcasts, [frames[5]]);

  for (const sub of ['', 'x'.repeat(257)]) {
    const headers = { authorization: `Bearer ${await tokenOf(sub)}` };
    const refused = await call(url, 'PATCH', `${DRONES}/sn/A-1`, {}, headers);
    t.match(refused, { status: 401, body: { code: 'invalid_token', detail: /sub/ } }, 'it is not cut');
  }
});

t.test('what the standalone server announced is gone after a restart, like its history', async (t) => {
  const env = { DATA_DIR: testFolder(t) };
  const server = await startStandalone(t, env);
  const message = { message: 'storm', level: 'critical' };
  await call(server.url, 'POST', '/api/v1/system/broadcast', message);
  t.match((await call(server.url, 'GET', '/api/v1/system/broadcasts')).body, {
    results: 1,
    data: { broadcasts: [{ data: message, actor: undefined }] },
  });
  t.equal(await server.stop(), 0);
  const again = await startStandalone(t, env);
  t.equal((await call(again.url, 'GET', '/api/v1/system/broadcasts')).body.results, 0);
});
