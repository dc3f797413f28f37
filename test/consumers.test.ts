import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from 'redis';
import t, { type Test } from 'tap';
import { call, registration } from './support/api.js';
import { codeBlocks } from './support/markdown.js';
import { Queue, until } from './support/queue.js';
import { connectSocket } from './support/socket-client.js';
import { requiresSystem, startSystem } from './support/system.js';

const DOCUMENT = 'docs/CONSUMERS.md';

/** Runs an example of the document as a reader would; its lines, and how to end it. */
function run(t: Test, command: string, args: string[], env: Record<string, string>) {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const lines = new Queue<string>();
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  const stop = async () => {
    if (child.exitCode === null && child.pid) process.kill(-child.pid, 'SIGKILL');
    await exited;
  };
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) await stop();
  });
  return { lines, stop };
}

t.test('the examples for readers of Redis', { skip: !requiresSystem(t) && 'servers missing' }, async (t) => {
  const { apis, relays, redis } = await startSystem(t);
  const api = apis[0].url;
  const admin = createClient({ url: redis.url });
  t.teardown(() => admin.close());
  await admin.connect();
  const [user] = codeBlocks(DOCUMENT, 'redis');
  await admin.sendCommand(user!.trim().split(' '));
  const url = new URL(redis.url);
  url.username = 'monitoring';
  url.password = 'PASSWORD';
  const env = { REDIS_URL: url.href };
  const [channelExample, streamExample] = codeBlocks(DOCUMENT, 'js') as [string, string];
  const [ofDevices, terminal, publish] = codeBlocks(DOCUMENT, 'sh') as [string, string, string];
  const node = (t: Test, code: string, more: Record<string, string> = {}) =>
    run(t, process.execPath, ['--input-type=module', '--eval', code], { ...env, ...more });
  const set = (body: object) => call(api, 'PATCH', '/api/v1/drones/sn/DRN-0042', body);
  await call(api, 'POST', '/api/v1/drones/register', registration('DRN-0042'));

  /** Subscribers under the user of the document. */
  const subscribers = async (): Promise<number> => {
    const list = await admin.sendCommand<string>(['CLIENT', 'LIST', 'TYPE', 'PUBSUB']);
    return list.split('\n').filter((line) => line.includes('user=monitoring') && !line.includes('psub=0'))
      .length;
  };

  t.test('channels', async (t) => {
    const inTerminal = run(t, 'sh', ['-c', terminal], env);
    const inNode = node(t, channelExample);
    await until(async () => (await subscribers()) === 2);
    await set({ streamIsOn: true });
    t.equal(await inNode.lines.next(), 'drone:DRN-0042:stream DRN-0042 true');
    const message = await inTerminal.lines.find((line) => line.startsWith('"pmessage"'));
    t.match(message, /^"pmessage","drone:\*:stream","drone:DRN-0042:stream","\{/);
    await admin.publish('drone:DRN-0042:stream', 'no JSON');
    await set({ streamIsOn: false });
    t.equal(await inNode.lines.next(), 'drone:DRN-0042:stream DRN-0042 false', 'it outlives what is none');
  });

  t.test('channels of devices whose serial numbers have colons', async (t) => {
    const before = await subscribers();
    const inTerminal = run(t, 'sh', ['-c', ofDevices], env);
    await until(async () => (await subscribers()) > before);
    for (const sn of ['AC:CC', 'ACX', 'AC:CC:8E:0F:12:34', 'AC:CC:8E:0F:12:35'])
      await call(api, 'POST', '/api/v1/drones/register', registration(sn));
    const messages: string[] = [];
    for (let count = 0; count < 3; count += 1)
      messages.push(await inTerminal.lines.find((line) => line.startsWith('"pmessage"')));
    t.match(messages.sort(), [
      /"drone:AC%3ACC%3A\*","drone:AC%3ACC%3A8E%3A0F%3A12%3A34:created"/,
      /"drone:AC%3ACC%3A\*","drone:AC%3ACC%3A8E%3A0F%3A12%3A35:created"/,
      /"drone:AC%3ACC%3A8E%3A0F%3A12%3A34:\*","drone:AC%3ACC%3A8E%3A0F%3A12%3A34:created"/,
    ]);
  });

  t.test('the stream, with a restart in between and after a loss', async (t) => {
    const place = { PLACE_FILE: join(t.testdir(), 'place.json') };
    const first = node(t, streamExample, place);
    t.match(await first.lines.next(), /^\d+-\d+ drone\.created DRN-0042 1$/);
    await first.lines.find((line) => line.endsWith('drone.stream.status DRN-0042 3'));
    // The place is saved after a page: what comes next shows that it was.
    await set({ deviceName: 'saved' });
    await first.lines.find((line) => line.endsWith('drone.updated DRN-0042 4'));
    await set({ deviceName: 'seen' });
    await first.lines.find((line) => line.endsWith('drone.updated DRN-0042 5'));
    await first.stop();
    await set({ deviceName: 'meanwhile' });

    const second = node(t, streamExample, place);
    const [line] = await second.lines.take(1);
    t.match(line, /drone\.updated DRN-0042 [56]$/, 'it goes on where it was, at most one event again');
    if (line?.endsWith('5')) t.match(await second.lines.next(), /DRN-0042 6$/);
    await second.stop();

    await admin.flushAll();
    await set({ deviceName: 'after the loss' });
    const third = node(t, streamExample, place);
    t.equal(await third.lines.next(), 'gap: read the drones by REST');
    t.match(await third.lines.next(), /drone\.updated DRN-0042 7$/);
    await third.stop(); // It writes to the test's folder, which goes with the test.
  });

  t.test('publishing', async (t) => {
    const client = await connectSocket(t, `ws://127.0.0.1:${relays[0].port}/ws/events?sn=DRN-0042`);
    run(t, 'sh', ['-c', publish], { REDIS_URL: redis.url });
    t.match(await client.frames.find((frame) => frame.foreign === true), {
      channel: 'drone:DRN-0042:battery',
      data: { percent: 17 },
    });
    const refused = run(t, 'sh', ['-c', publish], env);
    t.match(await refused.lines.next(), /NOPERM/, 'the reader may not');
  });
});
