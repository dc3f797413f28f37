import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createLmdbStore } from '@dronecast/api';
import { droneChannel } from '@dronecast/events';
import { freePort } from '@dronecast/testbed';
import t, { type Test } from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { testFolder } from '../../../test/support/folder.js';
import { until } from '../../../test/support/queue.js';
import { requires } from '../../../test/support/requirement.js';
import { connectSocket } from '../../../test/support/socket-client.js';
import { eventsUrl, runStandalone, startStandalone } from './start-standalone.js';

const drones = '/api/v1/drones';
const register = (url: string, serialNumber: string) =>
  call(url, 'POST', `${drones}/register`, registration(serialNumber));
const read = (url: string, serialNumber: string) => call(url, 'GET', `${drones}/sn/${serialNumber}`);
const patch = (url: string, serialNumber: string, body: object) =>
  call(url, 'PATCH', `${drones}/sn/${serialNumber}`, body);
const backlog = async (url: string): Promise<number> =>
  (await call(url, 'GET', '/health/ready')).body.backlog.drones;

t.test('SIGKILL under load loses nothing that was acknowledged', async (t) => {
  const WRITERS = 32;
  const env = { DATA_DIR: testFolder(t) };
  /** By serial number: what each acknowledged revision set. */
  const acknowledged = new Map<string, Map<number, string>>();
  const violations: string[] = [];
  let count = 0;

  function acknowledge(serialNumber: string, revision: number, description: string): void {
    const revisions = acknowledged.get(serialNumber) ?? new Map<number, string>();
    if (revisions.has(revision)) violations.push(`${serialNumber} has two revisions ${revision}`);
    acknowledged.set(serialNumber, revisions.set(revision, description));
    count += 1;
  }

  /** Registers and changes drones, half the time one that all writers change, until the server is gone. */
  async function write(url: string, round: number, writer: number): Promise<void> {
    let own = '';
    for (let step = 0; ; step += 1) {
      if (step % 10 === 0) {
        own = `OWN-${round}-${writer}-${step}`;
        const answer = await register(url, own);
        if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
        acknowledge(own, 1, '');
      }
      const serialNumber = step % 2 === 0 ? own : 'SHARED';
      const description = `${round} ${writer} ${step}`;
      const answer = await patch(url, serialNumber, { metadata: { description } });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      acknowledge(serialNumber, answer.body.data.drone.revision, description);
    }
  }

  async function check(url: string): Promise<void> {
    for (const [serialNumber, revisions] of acknowledged) {
      const { drone } = (await read(url, serialNumber)).body.data;
      const last = Math.max(...revisions.keys());
      if (drone.revision < last)
        violations.push(`${serialNumber} went back from ${last} to ${drone.revision}`);
      const expected = revisions.get(drone.revision) ?? drone.metadata.description;
      if (drone.metadata.description !== expected) violations.push(`${serialNumber} differs at ${last}`);
    }
  }

  let server = await startStandalone(t, env);
  await register(server.url, 'SHARED');
  for (let round = 0; round < 3; round += 1) {
    const { url } = server;
    count = 0;
    const ends = Promise.allSettled(
      Array.from({ length: WRITERS }, (_, writer) => write(url, round, writer)),
    );
    const killAfter = randomInt(50, 500);
    await until(() => count >= killAfter);
    await server.stop('SIGKILL');
    const reasons = (await ends).map((end) => end.status === 'rejected' && String(end.reason));
    t.ok(
      reasons.every((reason) => reason && /other side closed|ECONNRESET|ECONNREFUSED/.test(reason)),
      `no writer was refused, and the kill came after ${count} acknowledgements`,
    );
    server = await startStandalone(t, env);
    await check(server.url);
    t.same(violations, []);
    await until(async () => (await backlog(server.url)) === 0);
  }
  t.equal(await server.stop(), 0);
  const store = createLmdbStore({ path: env.DATA_DIR });
  t.same(
    (await store.pending({ before: new Date(), limit: 1000 })).items,
    [],
    'all that was committed has been published',
  );
  await store.close();
});

t.test('what was committed and not published is published by the next write or the sweeper', async (t) => {
  const env = { DATA_DIR: testFolder(t) };
  const server = await startStandalone(t, env);
  const client = await connectSocket(t, eventsUrl(server, '?sn=LEFT-*&events=updated'));
  let store = createLmdbStore({ path: env.DATA_DIR });
  t.teardown(() => store.close());

  /** Revision 2, as a process that is killed right after the commit leaves it. */
  async function leaveBehind(serialNumber: string): Promise<void> {
    const snapshot = await store.find({ serialNumber });
    if (!snapshot) throw new Error(`${serialNumber} is not there`);
    const channel = droneChannel(serialNumber, 'updated');
    const body = JSON.stringify({
      type: 'drone:event',
      event: 'drone.updated',
      channel,
      serialNumber,
      revision: 2,
    });
    const drone = { ...snapshot.drone, revision: 2 };
    await store.commit(snapshot, { drone, events: [{ channel, body }] });
  }

  await register(server.url, 'LEFT-1');
  await until(async () => (await backlog(server.url)) === 0);
  await leaveBehind('LEFT-1');
  await patch(server.url, 'LEFT-1', { streamIsOn: true });
  t.match(await client.frames.take(2), [
    { serialNumber: 'LEFT-1', revision: 2 },
    { serialNumber: 'LEFT-1', revision: 3, data: { changes: { streamIsOn: true } } },
  ]);

  t.equal(client.frames.length, 0, 'each once');

  await register(server.url, 'LEFT-2');
  await until(async () => (await backlog(server.url)) === 0);
  await store.close();
  await server.stop('SIGKILL');
  store = createLmdbStore({ path: env.DATA_DIR });
  await leaveBehind('LEFT-2');
  await store.close();

  const again = await startStandalone(t, env);
  await until(async () => (await backlog(again.url)) === 0);
  const { greeting } = await connectSocket(t, eventsUrl(again, '?sn=LEFT-2'));
  const start = String(greeting.cursor).replace(/\..*/, '.0-0');
  const resumed = await connectSocket(t, eventsUrl(again, `?sn=LEFT-*&since=${start}`));
  t.match(await resumed.frames.next(), { serialNumber: 'LEFT-2', revision: 2 });
  await patch(again.url, 'LEFT-2', { streamIsOn: true });
  t.match(await resumed.frames.next(), { serialNumber: 'LEFT-2', revision: 3 }, 'each once');
});

t.test('a folder has one process at a time', async (t) => {
  const env = { DATA_DIR: testFolder(t) };
  const first = await startStandalone(t, env);
  await register(first.url, 'MINE-1');
  const { code, stderr } = await runStandalone(t, env);
  t.equal(code, 1);
  t.equal(stderr, `dronecast: DATA_DIR ${env.DATA_DIR} is in use by another process\n`);
  t.equal((await patch(first.url, 'MINE-1', { streamIsOn: true })).status, 200, 'the first is not disturbed');

  await first.stop('SIGKILL');
  const second = await startStandalone(t, env);
  t.match((await read(second.url, 'MINE-1')).body.data.drone, { revision: 2, streamIsOn: true });
});

t.test('a wrong setting stops the start with one line that names it', async (t) => {
  const folder = t.testdir({ file: '', locked: {}, data: {} });
  chmodSync(join(folder, 'locked'), 0o555);
  const isRoot = process.getuid?.() === 0;
  const cases: Record<string, string>[] = [
    { PORT: 'abc' },
    { PORT: '-1' },
    { PORT: '65536' },
    { LOG_LEVEL: 'loud' },
    { HEARTBEAT_MS: '0' },
    { PEER_BUFFER_BYTES: '1' },
    { PEER_BUFFER_BYTES: '536870912' },
    { PEERS_BUFFER_BYTES: '1' },
    { MAX_PEERS: '0' },
    { HISTORY_MAX_EVENTS: '0' },
    { HISTORY_MAX_AGE_HOURS: '-1' },
    { HISTORY_MAX_BYTES: '0' },
    { CORS_ORIGINS: 'nonsense' },
    { CORS_ORIGINS: 'https://ops.example.com/path' },
    { PORT_FILE: join(folder, 'nothing') },
    { DATA_DIR: join(folder, 'file') },
    { DATA_DIR: join(folder, 'file', 'below') },
    ...(isRoot ? [] : [{ DATA_DIR: join(folder, 'locked') }]),
  ];
  await Promise.all(
    cases.map(async (setting) => {
      const { code, stderr } = await runStandalone(t, { DATA_DIR: join(folder, 'data'), ...setting });
      const [name] = Object.keys(setting);
      t.equal(code, 1, JSON.stringify(setting));
      t.match(stderr, new RegExp(`^dronecast: ${name}\\b[^\\n]+\\n$`), stderr);
    }),
  );
});

t.test('NAME_FILE reads a setting from a file', async (t) => {
  const port = await freePort();
  const folder = t.testdir({ port: `${port}\n`, level: 'info', data: {} });
  const server = await startStandalone(t, {
    DATA_DIR: join(folder, 'data'),
    PORT_FILE: join(folder, 'port'),
    LOG_LEVEL_FILE: join(folder, 'level'),
  });
  t.equal(server.port, port);
});

t.test('a port in use stops the start with one line', async (t) => {
  const folder = t.testdir({ first: {}, second: {} });
  const { port } = await startStandalone(t, { DATA_DIR: join(folder, 'first') });
  const { code, stderr } = await runStandalone(t, { DATA_DIR: join(folder, 'second'), PORT: `${port}` });
  t.equal(code, 1);
  t.match(
    stderr,
    new RegExp(`^dronecast: cannot listen on 127.0.0.1:${port} [^\\n]*in use[^\\n]*PORT[^\\n]*\\n$`),
  );
});

t.test('an address or a folder that it cannot have stops the start with one line', async (t) => {
  const folder = t.testdir({ data: {}, file: '' });
  const cases: [setting: string, value: string, line: RegExp][] = [
    ['HOST', '192.0.2.1', /^dronecast: cannot listen on 192\.0\.2\.1[^\n]*HOST[^\n]*\n$/],
    ['HOST', 'no-such-host.invalid', /^dronecast: cannot listen on no-such-host\.invalid[^\n]*HOST[^\n]*\n$/],
    ['DATA_DIR', '/proc/x', /^dronecast: DATA_DIR \/proc\/x [^\n]*\n$/],
    ['DATA_DIR', join(folder, 'file'), /^dronecast: DATA_DIR [^\n]*file [^\n]*\n$/],
    ['DATA_DIR', join(folder, 'file', 'x'), /^dronecast: DATA_DIR [^\n]*x [^\n]*\n$/],
    ['DATA_DIR', '/proc', /^dronecast: DATA_DIR \/proc [^\n]*\n$/],
  ];
  for (const [setting, value, line] of cases) {
    const { code, stderr } = await runStandalone(t, { DATA_DIR: join(folder, 'data'), [setting]: value });
    t.equal(code, 1, value);
    t.match(stderr, line, value);
  }
});

t.test('SIGTERM ends it with 0, whoever is connected', async (t) => {
  const UPGRADE = [
    'GET /ws/events HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ].join('\r\n');
  const server = await startStandalone(t, { DATA_DIR: testFolder(t) });
  const clients = await Promise.all([1, 2].map(() => connectSocket(t, eventsUrl(server))));
  for (let number = 0; number < 3; number += 1) {
    const silent = await openConnection(t, server.port);
    silent.write(`${UPGRADE}\r\n\r\n`);
    await once(silent, 'readable'); // and never answers
  }
  const start = Date.now();
  t.equal(await server.stop(), 0);
  t.ok(Date.now() - start < 5000, 'within 5 s');
  for (const { frames, closed } of clients) {
    t.match(await frames.take(1), [{ type: 'relay', event: 'relay.draining' }]);
    t.match(await closed, { code: 1012 });
    t.equal(frames.length, 0);
  }
});

async function openConnection(t: Test, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

t.test('SIGTERM does not wait for requests that never end', async (t) => {
  const BEGINNINGS = [
    '',
    'GET /health/live HTTP/1.1\r\nHost',
    `POST ${drones}/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
  ];
  const server = await startStandalone(t, { DATA_DIR: testFolder(t) });
  for (const beginning of BEGINNINGS) (await openConnection(t, server.port)).write(beginning);
  await call(server.url, 'GET', '/health/live');
  const timeout = pause(5000, 'still running', { ref: false });
  t.equal(await Promise.race([server.stop(), timeout]), 0);
});

t.test('the greeting can be pasted', { skip: !requires(t, 'curl') && 'curl missing' }, async (t) => {
  const env = { DATA_DIR: testFolder(t) };
  const server = await startStandalone(t, env);
  await until(() => server.output().includes('-X PATCH'));
  const greeting = server.output();
  t.match(greeting, `its data is in ${env.DATA_DIR}`);
  for (const [, address = ''] of greeting.matchAll(/^ {2}[A-Z][\w ]+ (http:\S+)$/gm))
    t.equal((await fetch(address)).status, 200, address);

  const [registerCommand = '', patchCommand = ''] = greeting.match(/curl (?:\\\n|.)+/g) ?? [];
  const [, socketUrl = ''] = /wscat -c "(\S+)"/.exec(greeting) ?? [];
  const paste = async (command: string) =>
    JSON.parse((await promisify(execFile)('sh', ['-c', `${command} --silent --show-error`])).stdout);
  t.match(await paste(registerCommand), {
    status: 'success',
    data: { drone: { deviceSerialNumber: 'DRN-0042', deviceName: 'Harbour 1', revision: 1 } },
  });
  const client = await connectSocket(t, socketUrl);
  t.match(await paste(patchCommand), {
    status: 'success',
    data: { drone: { streamIsOn: true, revision: 2 } },
  });
  t.match(await client.frames.take(2), [
    {
      event: 'drone.updated',
      channel: 'drone:DRN-0042:updated',
      revision: 2,
      data: {
        changes: { streamIsOn: true },
        previous: { streamIsOn: false },
        full: { deviceName: 'Harbour 1' },
      },
    },
    {
      event: 'drone.stream.status',
      channel: 'drone:DRN-0042:stream',
      revision: 2,
      data: { streamIsOn: true, previousStatus: false, streamUrl: '' },
    },
  ]);
  await patch(server.url, 'DRN-0042', { deviceName: 'last' });
  t.match(await client.frames.next(), { event: 'drone.updated', revision: 3 }, 'nothing else came');
});
