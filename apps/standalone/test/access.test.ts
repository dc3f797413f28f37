import { SCOPES, signToken } from '@dronecast/auth';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { testFolder } from '../../../test/support/folder.js';
import { until } from '../../../test/support/queue.js';
import { connectSocket, refusedUpgrade } from '../../../test/support/socket-client.js';
import { eventsUrl, startStandalone } from './start-standalone.js';

const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const bearer = async (drones: string) => {
  const content = { sub: 'ops', scope: SCOPES.join(' '), drones, expiresInSeconds: 3600 };
  return { authorization: `Bearer ${await signToken(content, SECRET)}` };
};

t.test('REST, events and audit under one kind of token', async (t) => {
  const env = { DATA_DIR: testFolder(t), AUTH_MODE: 'jwt', JWT_SECRET: SECRET, RATE_LIMIT_PER_MINUTE: '20' };
  const server = await startStandalone(t, env);
  const { url } = server;
  const headers = { ...(await bearer('A-*')), 'x-request-id': 'the-request' };
  const drones = `/api/v1/drones`;

  t.equal((await call(url, 'GET', drones)).status, 401);
  t.equal((await refusedUpgrade(eventsUrl(server))).status, 401);
  for (const path of ['/health/ready', '/openapi.json', '/docs/static/index.html']) {
    t.equal((await fetch(`${url}${path}`)).status, 200, path);
  }
  t.match(await (await fetch(`${url}/config.json`)).json(), { isTokenNeeded: true });
  t.equal((await fetch(url)).status, 200);

  const token = headers.authorization.slice('Bearer '.length);
  const client = await connectSocket(t, eventsUrl(server, `?access_token=${token}`));
  const secrets = { streamUrl: 'rtsp://cam:hush1@host/', streamCredentials: { password: 'hush2' } };
  const created = await call(url, 'POST', `${drones}/register`, registration('A-1', secrets), headers);
  t.equal(created.status, 201);
  t.match(await client.frames.next(), { event: 'drone.created', serialNumber: 'A-1' });
  const change = { metadata: { alias: 'hush3' }, streamCredentials: { password: 'hush4' } };
  t.equal((await call(url, 'PATCH', `${drones}/sn/A-1`, change, headers)).status, 200);
  t.equal(
    (await call(url, 'PATCH', `${drones}/sn/A-1`, change, headers)).status,
    200,
    'which changes nothing',
  );
  const incident = { imageUrl: 'https://images.example/hush5.jpg', objectBBox: [1, 2, 3, 4] };
  const retry = { ...headers, 'idempotency-key': 'k' };
  const { body } = await call(url, 'POST', `${drones}/sn/A-1/incidents`, incident, retry);
  t.equal((await call(url, 'POST', `${drones}/sn/A-1/incidents`, incident, retry)).status, 201);
  const message = { message: 'hush6', level: 'info' };
  t.equal((await call(url, 'POST', '/api/v1/system/broadcast', message, headers)).status, 202);
  t.equal((await call(url, 'DELETE', `${drones}/sn/B-1`, undefined, headers)).status, 404);
  t.equal((await call(url, 'DELETE', `${drones}/sn/A-1`, undefined, headers)).status, 204);

  const serialNumber = 'A-1';
  const incidentId: string = body.data.incident.id;
  const registered = [
    'deviceSerialNumber',
    'deviceName',
    'deviceCategory',
    'streamUrl',
    'streamCredentials.password',
  ];
  const changed = ['metadata.alias', 'streamCredentials.password'];
  const expected = [
    { action: 'register', serialNumber, revision: 1, fields: registered },
    { action: 'update', serialNumber, revision: 2, fields: changed },
    { action: 'report', serialNumber, revision: 2, incident: incidentId },
    { action: 'broadcast' },
    { action: 'delete', serialNumber, revision: 3 },
  ].map((record) => ({ reqId: 'the-request', audit: { ...record, subject: 'ops' } }));
  const audited = () =>
    server
      .output()
      .split('\n')
      .filter((line) => line.includes('"audit":'))
      .map((line) => JSON.parse(line))
      .map(({ reqId, audit }) => ({ reqId, audit }));
  await until(() => audited().length >= expected.length);
  t.same(audited(), expected);
  t.notMatch(server.output(), /hush/, 'no value of a field is logged');
  t.notOk(server.output().includes(token), 'nor is the token');

  let answer = await call(url, 'GET', drones, undefined, headers);
  while (answer.status === 200) answer = await call(url, 'GET', drones, undefined, headers);
  t.match(answer, { status: 429, headers: { 'retry-after': /\d/ }, body: { code: 'rate_limited' } });
});
