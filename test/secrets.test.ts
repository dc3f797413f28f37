import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import t from 'tap';
import { WebSocket } from 'ws';
import { type Answer, call, registration } from './support/api.js';
import { dumpFolder, dumpMongo, dumpRedis } from './support/everything.js';
import { requiresOwnMongo, startOwnMongo } from './support/mongo-server.js';
import { startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { requiresRedis, startRedis } from './support/redis-server.js';
import { connectSocket } from './support/socket-client.js';

const API = 'apps/api/dist/server.js';
const RELAY = 'apps/relay/dist/server.js';
const DRONES = '/api/v1/drones';

/** Each one is told apart in a report. All start alike, so that none is forgotten when a report is searched. */
const secret = (name: string): string => `hush-${name}-${randomBytes(6).toString('hex')}`;
const HUSH = /hush[-\w.%]*/g;

const rtsp = (name: string): string => `rtsp://pilot:${secret(name)}@cam.example:554/live`;
const whep = (name: string): string =>
  `https://pilot:${secret(name)}@media.example/whep?profile=1&token=${secret(`${name}-token`)}`;
const credentials = (name: string) => ({ userName: 'pilot', password: secret(name), port: 9554 });

const skip = !(requiresRedis(t) && requiresOwnMongo(t)) && 'a server is missing';

t.test('no secret stands anywhere but in the answer to who may read it', { skip }, async (t) => {
  const found: Record<string, string> = {};
  const redisPassword = secret('redis');
  const [mongo, redis] = await Promise.all([
    startOwnMongo(t),
    startRedis(t, { args: ['--save', '', '--requirepass', redisPassword] }),
  ]);
  const redisUrl = `redis://:${redisPassword}@127.0.0.1:${redis.port}`;
  const env = {
    MONGODB_URL: mongo.url,
    REDIS_URL: redisUrl,
    REDIS_TIMEOUT_MS: '500',
    LOG_LEVEL: 'trace',
    DRAIN_MS: '0',
    CREDENTIALS_KEY: `now:${randomBytes(32).toString('base64')}`,
  };
  const [api, relay] = await Promise.all([startProcess(t, API, env), startProcess(t, RELAY, env)]);
  const isReady = async ({ url }: { url: string }) => {
    const { status, body } = await call(url, 'GET', '/health/ready');
    return status === 200 && body.status === 'ready' && !body.backlog?.drones;
  };
  await until(async () => (await isReady(api)) && (await isReady(relay)));

  const published: string[] = [];
  const subscriber = createClient({ url: redisUrl });
  subscriber.on('error', () => {});
  await subscriber.connect();
  t.teardown(() => subscriber.destroy());
  await subscriber.pSubscribe('*', (message, channel) => published.push(channel, message));

  const seen: string[] = [];
  const socketUrl = `ws://127.0.0.1:${relay.port}/ws/events`;
  const client = await connectSocket(t, socketUrl);
  client.socket.on('message', (data) => seen.push(String(data)));

  const answers: string[] = [];
  async function ask(...[method, path, ...more]: DropFirst<Parameters<typeof call>>): Promise<Answer> {
    const answer = await call(api.url, method, path, ...more);
    answers.push(`${method} ${path} ${JSON.stringify(answer)}`);
    return answer;
  }
  const patch = (body: unknown, headers?: Record<string, string>) =>
    ask('PATCH', `${DRONES}/sn/HUSH-1`, body, headers);

  const first = {
    streamUrl: rtsp('stream'),
    webRTCUrl: whep('webrtc'),
    streamCredentials: credentials('register'),
  };
  const second = {
    streamCredentials: credentials('patch'),
    streamUrl: rtsp('patched-stream'),
    streamIsOn: true,
  };
  t.match(await ask('POST', `${DRONES}/register`, registration('HUSH-1', first)), { status: 201 });
  t.match(await patch(second), { status: 200, body: { data: { drone: { revision: 2 } } } });
  const again = await patch({ streamCredentials: { password: second.streamCredentials.password } });
  t.match(again, { body: { data: { drone: { revision: 2 } } } }, 'the same password is no change');
  t.match(await patch({ webRTCUrl: whep('patched-webrtc') }), { status: 200 });

  // What is refused.
  const conflict = { ...first, streamCredentials: credentials('conflict') };
  t.match(await ask('POST', `${DRONES}/register`, registration('HUSH-1', conflict)), { status: 409 });
  t.match(await patch({ streamCredentials: credentials('stale') }, { 'if-match': '"old"' }), { status: 412 });
  t.match(await patch({ streamCredentials: { password: [secret('array')] } }), { status: 400 });
  t.match(await patch({ streamCredentials: { password: secret('long').repeat(50) } }), { status: 400 });
  t.match(await patch({ streamCredentials: { passwort: secret('unknown-nested') } }), { status: 400 });
  t.match(await patch({ password: secret('unknown') }), { status: 400 });
  t.match(await patch({ streamUrl: 7, password: secret('unknown-beside') }), { status: 400 });
  t.match(await patch(`{"streamCredentials":{"password":"${secret('malformed')}"`), { status: 400 });
  t.match(await patch(`${secret('bare')}`), { status: 400 });
  const nowhere = { streamCredentials: credentials('nowhere') };
  t.match(await ask('PATCH', `${DRONES}/sn/NOBODY`, nowhere), { status: 404 });
  t.match(await ask('POST', `${DRONES}/sn/HUSH-1`, nowhere), { status: 405 });
  t.match(
    await patch(`password=${secret('form')}`, { 'content-type': 'application/x-www-form-urlencoded' }),
    {
      status: 415,
    },
  );

  // Tokens, by all the ways in which they may come.
  const token = (name: string): string => `${secret(name)}.${secret(name)}.${secret(name)}`;
  for (const base of [api.url, relay.url]) {
    for (const path of [DRONES, '/ws/events', '/nowhere']) {
      await call(base, 'GET', `${path}?access_token=${token('query')}`);
      await call(base, 'GET', path, undefined, { authorization: `Bearer ${token('header')}` });
    }
  }
  for (const [url, protocols, headers] of [
    [`${socketUrl}?access_token=${token('socket-query')}`, [], {}],
    [socketUrl, ['dronecast', `bearer.${token('subprotocol')}`], {}],
    [socketUrl, [], { authorization: `Bearer ${token('socket-header')}` }],
  ] as const) {
    const socket = new WebSocket(url, [...protocols], { headers });
    socket.on('error', () => {});
    socket.on('open', () => {
      socket.send(`{"action":"subscribe","token":"${token('frame')}"`);
      socket.send(JSON.stringify({ action: 'authenticate', token: token('authenticate') }));
    });
    socket.on('message', (data) => {
      seen.push(String(data));
      if (String(data).includes('relay.error')) socket.close();
    });
    await new Promise((resolve) => socket.once('close', resolve));
  }

  // With Redis away, what is to be published waits in the outbox.
  await redis.stop();
  await until(() => /connection lost/.test(relay.output()));
  const waiting = {
    streamCredentials: credentials('outage'),
    streamUrl: rtsp('outage'),
    deviceName: 'waiting',
  };
  t.match(await patch(waiting), { status: 200 });
  found.mongo = await dumpMongo(mongo.url);
  t.match(found.mongo, /"outbox":\[\{.*waiting/);
  await redis.restart();
  await until(async () => (await isReady(api)) && (await isReady(relay)));
  await client.frames.find(({ data }) => data.full?.deviceName === 'waiting');
  const { cursor } = client.greeting;
  const resumed = await connectSocket(t, `${socketUrl}?since=${cursor}`);
  seen.push(JSON.stringify(await resumed.frames.take(1)));

  await ask('GET', DRONES);
  await ask('GET', `${DRONES}?q=HUSH`);
  found.metrics = '';
  for (const { url } of [api, relay]) found.metrics += await (await fetch(`${url}/metrics`)).text();
  const full = (await call(api.url, 'GET', `${DRONES}/sn/HUSH-1`)).body.data.drone;
  t.equal(full.streamCredentials.password, waiting.streamCredentials.password, 'who may read it gets it');
  t.equal(full.streamUrl, waiting.streamUrl);

  found.redis = await dumpRedis(redisUrl);
  await ask('DELETE', `${DRONES}/sn/HUSH-1`);
  await client.frames.find(({ event }) => event === 'drone.deleted');
  found.mongoAfter = await dumpMongo(mongo.url);
  await Promise.all([api.stop(), relay.stop(), mongo.stop()]);
  found.files = await dumpFolder(mongo.dir);
  found.answers = answers.join('\n');
  found.published = published.join('\n');
  found.frames = seen.join('\n');
  found.apiLog = api.output();
  found.relayLog = relay.output();

  const sign: Record<string, RegExp> = {
    mongo: /sealed:1:now:/,
    redis: /rtsp:\/\/\*\*\*@cam/,
    mongoAfter: /drones/,
    files: /HUSH-1/,
    answers: /"results":1/,
    published: /\[redacted\]/,
    metrics: /dronecast_publish_lag_seconds[\s\S]*dronecast_relay_lag_seconds/,
    frames: /\[redacted\]/,
    apiLog: /"path":"\/api\/v1\/drones\/sn\/HUSH-1"/,
    relayLog: /connection lost/,
  };
  for (const [place, text] of Object.entries(found)) {
    t.match(text, sign[place] ?? /never/, `${place} holds what it should`);
    t.strictSame([...new Set(text.match(HUSH))], [], place);
  }
});

type DropFirst<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never;
