import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { freePort } from '@dronecast/testbed';
import t, { type Test } from 'tap';
import { request } from 'undici';
import { call, registration } from '../../../test/support/api.js';
import { masked, PLAIN_URLS, SECRET_URLS, unmarked } from '../../../test/support/camera-urls.js';
import { createCertificate } from '../../../test/support/certificate.js';
import { testFolder } from '../../../test/support/folder.js';
import { startProcess } from '../../../test/support/process.js';
import { withoutSecrets } from '../src/output.js';
import { dronecast, type Run } from './dronecast.js';

const drones = '/api/v1/drones';
const startStandalone = (t: Test) =>
  startProcess(t, 'apps/standalone/dist/server.js', { DATA_DIR: testFolder(t) });
const isLive = ({ errors }: Run) => errors.find((line) => line === 'dronecast: live by ws');

t.test('tail prints events as lines or as JSON, and Ctrl-C ends it', async (t) => {
  const { url } = await startStandalone(t);
  const table = dronecast(t, ['tail', '--sn', 'A', '--events', 'stream,ai'], { DRONECAST_URL: url });
  const json = dronecast(t, ['--url', url, 'tail', '--json']);
  await Promise.all([isLive(table), isLive(json)]);
  for (const sn of ['A', 'B']) {
    await call(url, 'POST', `${drones}/register`, registration(sn));
    await call(url, 'PATCH', `${drones}/sn/${sn}`, { streamIsOn: true, streamUrl: 'rtsp://cam/\u001b[2J' });
  }
  t.match(await table.lines.next(), /^\S+Z +A +drone\.stream\.status +on rtsp:\/\/cam\/ \[2J$/);
  const events = (await json.lines.take(6)).map((line) => JSON.parse(line));
  t.same(
    events.map(({ serialNumber, event }) => `${serialNumber} ${event}`),
    ['A', 'B'].flatMap((sn) => [`${sn} drone.created`, `${sn} drone.updated`, `${sn} drone.stream.status`]),
  );
  t.equal(table.lines.length, 0);

  const later = dronecast(t, ['tail', '--json', '--since', events[3].id], { DRONECAST_URL: url });
  t.same(
    (await later.lines.take(2)).map((line) => JSON.parse(line)),
    events.slice(4),
  );
  for (const run of [table, json, later]) run.kill('SIGINT');
  for (const run of [table, json, later]) t.equal(await run.code, 0);
});

t.test('a reader that has had enough is no failure', async (t) => {
  const { url } = await startStandalone(t);
  const run = dronecast(t, ['tail'], { DRONECAST_URL: url });
  await isLive(run);
  run.hangUp();
  await call(url, 'POST', `${drones}/register`, registration('A'));
  t.equal(await run.code, 0);
  t.equal(run.errors.length, 0);
});

t.test('drones are listed, read and changed', async (t) => {
  const { url } = await startStandalone(t);
  const env = { DRONECAST_URL: url };
  for (const sn of ['A', 'B2']) await call(url, 'POST', `${drones}/register`, registration(sn));

  const list = dronecast(t, ['drones', 'list'], env);
  t.equal(await list.code, 0);
  const [head, first, second] = await list.lines.take(3);
  t.match(head, /^SERIAL {2}NAME/);
  t.match(first, /^A {7}Device A/);
  t.equal(first?.indexOf('DRONE'), head?.indexOf('CATEGORY'));
  t.match(second, /^B2/);

  const patch = dronecast(t, ['drones', 'patch', 'A', '{"streamIsOn":true}', '--json'], env);
  t.match(JSON.parse(await patch.lines.next()), { deviceSerialNumber: 'A', streamIsOn: true, revision: 2 });
  const piped = dronecast(t, ['drones', 'patch', 'A', '-'], env);
  piped.say('{"metadata":{"alias":"a"}}');
  t.equal(await piped.code, 0);
  const on = dronecast(t, ['drones', 'list', '--stream-is-on', 'true', '--json'], env);
  t.match(JSON.parse(await on.lines.next()), { deviceSerialNumber: 'A', metadata: { alias: 'a' } });
  t.equal(await on.code, 0);
  const get = dronecast(t, ['drones', 'get', 'B2'], env);
  t.equal(await get.lines.find((line) => line.startsWith('deviceName')), 'deviceName: Device B2');
});

t.test('passwords are printed only when asked for', async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${drones}/register`, {
    ...registration('A'),
    streamUrl: 'rtsp://pilot:hush-hush@cam/live',
    streamCredentials: { userName: 'pilot', password: 'hush-hush', port: '554' },
  });
  for (const [more, shown, hidden] of [
    [[], 'rtsp://***@cam/live', 'hush-hush'],
    [['--json'], 'rtsp://***@cam/live', 'hush-hush'],
    [['--show-passwords'], 'rtsp://pilot:hush-hush@cam/live', '***'],
  ] as const) {
    const run = dronecast(t, ['drones', 'get', 'A', ...more], { DRONECAST_URL: url });
    t.equal(await run.code, 0);
    const output = (await run.lines.take(run.lines.length)).join('\n');
    t.ok(output.includes(shown), output);
    t.notOk(output.includes(hidden), output);
  }
});

t.test(
  'secrets in URLs are masked as the server masks them, also those that an earlier server shows',
  async (t) => {
    const urls = [...SECRET_URLS.filter((each) => !each.includes('***')), ...PLAIN_URLS];
    const earlier = createServer((_request, response) => {
      const drones = urls.map(unmarked).map((url) => ({ streamUrl: url, webRTCUrl: url }));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'success', data: { drones } }));
    });
    earlier.listen(0, '127.0.0.1');
    await once(earlier, 'listening');
    t.teardown(() => earlier.close());
    const { port } = earlier.address() as AddressInfo;
    for (const [more, toShown] of [
      [[], masked],
      [['--show-passwords'], unmarked],
    ] as const) {
      const run = dronecast(t, ['drones', 'list', '--json', ...more], {
        DRONECAST_URL: `http://127.0.0.1:${port}`,
      });
      t.equal(await run.code, 0);
      const listed = (await run.lines.take(run.lines.length)).map((line) => JSON.parse(line));
      t.same(
        listed,
        urls.map(toShown).map((url) => ({ streamUrl: url, webRTCUrl: url })),
      );
    }
    for (const streamUrl of urls) {
      const data = { streamUrl: unmarked(streamUrl), changes: { webRTCUrl: unmarked(streamUrl) } };
      t.same(withoutSecrets({ data }), {
        data: { streamUrl: masked(streamUrl), changes: { webRTCUrl: masked(streamUrl) } },
      });
    }
  },
);

t.test('the secrets that a drone shows to who may see them', async (t) => {
  const { url } = await startStandalone(t);
  const streamUrl = 'srt://ingest.example:9710?passphrase=hush-hush&streamid=publish:hush';
  await call(url, 'POST', `${drones}/register`, { ...registration('A'), streamUrl });
  const get = dronecast(t, ['drones', 'get', 'A'], { DRONECAST_URL: url });
  t.equal(
    await get.lines.find((line) => line.startsWith('streamUrl')),
    'streamUrl: srt://ingest.example:9710?passphrase=***&streamid=***',
  );
});

t.test('it knows its version', async (t) => {
  t.match(await dronecast(t, ['--version']).lines.next(), /^\d+\.\d+\.\d+$/);
});

t.test('the serial numbers of real devices', async (t) => {
  const { url } = await startStandalone(t);
  const env = { DRONECAST_URL: url };
  for (const sn of ['AC:CC:8E:0F:12:34', 'DS-7616NI-E2/16P0123', 'A+B', 'A B', 'cam#1', 'user@host/ch1']) {
    const tail = dronecast(t, ['tail', '--json', '--sn', sn, '--events', 'updated'], env);
    await isLive(tail);
    await call(url, 'POST', `${drones}/register`, registration(sn));
    const patch = dronecast(t, ['drones', 'patch', sn, '{"deviceName":"seen"}', '--json'], env);
    t.match(JSON.parse(await patch.lines.next()), { deviceSerialNumber: sn, deviceName: 'seen' });
    t.match(JSON.parse(await tail.lines.next()), { event: 'drone.updated', serialNumber: sn });
    const get = dronecast(t, ['drones', 'get', sn], env);
    t.equal(await get.lines.find((line) => line.startsWith('deviceSer')), `deviceSerialNumber: ${sn}`);
    tail.kill('SIGINT');
  }
});

t.test(
  'what fails says so in one line: 1 when it failed, 2 when it was asked for in a wrong way',
  async (t) => {
    const { url } = await startStandalone(t);
    const nobody = `http://127.0.0.1:${await freePort()}`;
    for (const [code, message, ...args] of [
      [1, /No such drone/, 'drones', 'get', 'NONE'],
      [1, /the patch is not JSON/, 'drones', 'patch', 'A', '{'],
      [1, /streamIsOn/, 'drones', 'patch', 'A', '{"streamIsOn":"x"}'],
      [1, new RegExp(`cannot reach ${nobody} \\(ECONNREFUSED\\)$`), 'drones', 'list', '--url', nobody],
      [2, /unknown option/, 'tail', '--nope'],
      [2, /events: x is none of/, 'tail', '--events', 'x'],
      [2, /true or false/, 'drones', 'list', '--stream-is-on', 'x'],
    ] as const) {
      const run = dronecast(t, args, { DRONECAST_URL: url });
      t.match(await run.errors.next(), message, args.join(' '));
      t.equal(await run.code, code);
      t.equal(run.lines.length, 0);
    }
  },
);

/** A server that is not Dronecast. */
async function startOther(t: Test, status: number, type: string, body: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

t.test('a URL that cannot be right is told with the option and the variable, and exits with 2', async (t) => {
  for (const [url, message] of [
    ['http://127.0.0.1:99999', /is not a URL such as .*: http:\/\/127\.0\.0\.1:99999$/],
    ['nonsense', /is not a URL such as/],
    ['http://', /is not a URL such as/],
    ['', /is not a URL such as/],
    ['localhost:3000', /must start with http:\/\/ or https:\/\/: localhost:3000$/],
    ['ftp://127.0.0.1', /must start with http:\/\/ or https:\/\//],
    ['http://pilot:hush@127.0.0.1:3000', /must have no user name or password.*http:\/\/\*\*\*@127/],
    ['http://127.0.0.1:3000/?x=1', /must have no query/],
    ['http://127.0.0.1:3000/#x', /must have no query/],
    ['http://127.0.0.1:1', /bad port/],
  ] as const) {
    for (const command of [['drones', 'list'], ['tail']]) {
      for (const run of [
        dronecast(t, [...command, `--url=${url}`]),
        ...(url === 'nonsense' ? [dronecast(t, command, { DRONECAST_URL: url })] : []),
      ]) {
        const line = await run.errors.next();
        t.match(line, /^dronecast: .*--url.*DRONECAST_URL/, `${command} ${url}`);
        t.match(line, message, `${command} ${url}`);
        t.equal(await run.code, 2, url);
        t.equal(run.errors.length, 0, 'in one line');
      }
    }
  }
  const api = dronecast(t, ['drones', 'list', '--api-url', 'nonsense']);
  t.match(await api.errors.next(), /^dronecast: --api-url \(DRONECAST_API_URL\) is not a URL/);
  t.equal(await api.code, 2);
});

t.test('a server that cannot be reached is told with its address and why', async (t) => {
  const { cert, key } = await createCertificate(t);
  const tls = createTlsServer({ cert: await readFile(cert), key: await readFile(key) });
  tls.listen(0, '127.0.0.1');
  await once(tls, 'listening');
  t.teardown(() => tls.close());
  const silent = createNetServer((socket) => socket.on('error', () => {}).end('SSH-2.0-other\r\n'));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  for (const [url, reason] of [
    [`http://127.0.0.1:${await freePort()}`, 'ECONNREFUSED'],
    ['http://nosuch.invalid:3000', 'ENOTFOUND|EAI_AGAIN'],
    [`https://127.0.0.1:${(tls.address() as AddressInfo).port}`, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, 'HPE_\\w+'],
  ] as const) {
    const list = dronecast(t, ['drones', 'list', '--url', url]);
    t.match(await list.errors.next(), new RegExp(`^dronecast: cannot reach ${url} \\((?:${reason})\\)$`));
    t.equal(await list.code, 1);
    t.equal(list.errors.length, 0);
    const tail = dronecast(t, ['tail', '--url', url]);
    t.match(
      await tail.errors.next(),
      new RegExp(`^dronecast: cannot reach ${url} \\((?:${reason})\\); trying again$`),
    );
    tail.kill('SIGINT');
    t.equal(await tail.code, 0);
  }
});

t.test('an answer of another server is told in one line with its address', async (t) => {
  for (const [status, type, body] of [
    [404, 'text/html', '<!doctype html><h1>Not Found</h1>'],
    [200, 'text/html', '<!doctype html><h1>Welcome</h1>'],
    [200, 'application/json', '{"ok":true}'],
    [200, 'application/json', '{"data":{}}'],
    [200, 'application/json', 'null'],
    [200, 'application/json', '{"data":{"drones":[null],"drone":7}}'],
    [403, 'text/html', '<h1>Forbidden</h1>'],
    [502, 'application/json', '"bad gateway"'],
    [500, 'application/json', '{"detail":{"a":1}}'],
  ] as const) {
    const url = await startOther(t, status, type, body);
    const more = body.startsWith('<') || status === 500 ? [['tail']] : [['drones', 'get', 'A']];
    for (const command of [['drones', 'list'], ...more]) {
      const run = dronecast(t, command, { DRONECAST_URL: url });
      const line = await run.errors.next();
      t.match(line, new RegExp(`^dronecast: .*${url}`), `${command} ${status} ${body}`);
      if (status !== 200) t.match(line, `HTTP ${status}`);
      run.kill('SIGINT');
      await run.code;
      if (command[0] !== 'tail') {
        t.equal(await run.code, 1);
        t.equal(run.errors.length, 0, 'in one line');
      }
    }
  }
});

t.test('a token that cannot be used is told with its variable', async (t) => {
  const { url } = await startStandalone(t);
  const dir = t.testdir({ empty: '', two: 'a b' });
  for (const [env, message] of [
    [{ DRONECAST_TOKEN_FILE: `${dir}/none` }, `DRONECAST_TOKEN_FILE ${dir}/none cannot be read (ENOENT)`],
    [{ DRONECAST_TOKEN_FILE: dir }, `DRONECAST_TOKEN_FILE ${dir} cannot be read (EISDIR)`],
    [{ DRONECAST_TOKEN_FILE: `${dir}/empty` }, `DRONECAST_TOKEN_FILE ${dir}/empty holds no token`],
    [{ DRONECAST_TOKEN_FILE: `${dir}/two` }, `DRONECAST_TOKEN_FILE ${dir}/two holds no token`],
    [{ DRONECAST_TOKEN: 'a b' }, 'DRONECAST_TOKEN holds no token'],
  ] as const) {
    for (const command of [['drones', 'list'], ['tail']]) {
      const run = dronecast(t, command, { DRONECAST_URL: url, ...env });
      const line = await run.errors.next();
      t.ok(line.startsWith(`dronecast: ${message}`), line);
      t.equal(await run.code, 1);
      t.equal(run.errors.length, 0, 'in one line');
    }
  }
});

t.test('a host that is not allowed is told in one line, with the setting that allows it', async (t) => {
  const { url } = await startStandalone(t);
  const proxy = createServer(async ({ url: path }, response) => {
    const answer = await request(`${url}${path}`, { headers: { host: 'drones.example.com' } });
    response.writeHead(answer.statusCode, { 'content-type': 'application/problem+json' });
    response.end(await answer.body.text());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.teardown(() => proxy.close());
  const env = { DRONECAST_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  for (const command of [['drones', 'list'], ['tail']]) {
    const run = dronecast(t, command, env);
    t.match(
      await run.errors.find((line) => /host/.test(line)),
      /^dronecast: .*drones\.example\.com.*ALLOWED_HOSTS/,
    );
    t.equal(await run.code, 1, command.join(' '));
  }
});
