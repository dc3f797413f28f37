import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { call, registration } from './support/api.js';
import { openTab, requiresChromium } from './support/chromium.js';
import { testFolder } from './support/folder.js';
import { codeBlocks } from './support/markdown.js';
import { startProcess } from './support/process.js';
import { Queue } from './support/queue.js';
import { requires } from './support/requirement.js';

const DOCUMENT = 'docs/QUICKSTART.md';
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RELAY = 'http://127.0.0.1:3000';
const PYTHON = process.env.DRONECAST_PYTHON ?? 'python3';

/** An example of the document, at the relay of the test. */
function example(language: string, { url, port }: { url: string; port: number }, index = 0): string {
  const text = codeBlocks(DOCUMENT, language)[index] ?? '';
  return text.replaceAll(RELAY, url).replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`);
}

/** The lines that a command writes, to the one output or the other. */
function run(t: Test, command: string, args: string[], cwd = ROOT): Queue<string> {
  // Its own group, since a shell has children; a standard input that stays open.
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const exited = once(child, 'exit');
  const lines = new Queue<string>();
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => lines.push(line));
  t.teardown(async () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself, perhaps only just.
    }
    await exited;
  });
  return lines;
}

async function startRelay(t: Test) {
  const folder = testFolder(t);
  const relay = await startProcess(t, 'apps/standalone/dist/server.js', { DATA_DIR: join(folder, 'data') });
  await call(relay.url, 'POST', '/api/v1/drones/register', registration('DRN-0042'));
  let isOn = false;
  return {
    relay,
    folder,
    async toggle(): Promise<void> {
      isOn = !isOn;
      await call(relay.url, 'PATCH', '/api/v1/drones/sn/DRN-0042', { streamIsOn: isOn });
    },
  };
}

/** Toggles the stream until a client that gives no sign of being connected has seen it. */
async function seen(lines: Queue<string>, pattern: RegExp, toggle: () => Promise<void>): Promise<string> {
  const timer = setInterval(() => void toggle(), 300);
  try {
    return await lines.find((line) => pattern.test(line));
  } finally {
    clearInterval(timer);
  }
}

const STREAM = /drone\.stream\.status.*DRN-0042/;

t.test('the terminal client', async (t) => {
  const { relay, toggle } = await startRelay(t);
  const command = example('sh', relay).trim().split(' ');
  const lines = run(t, command[0] as string, [...command.slice(1), '--url', relay.url]);
  await lines.find((line) => /live by ws/.test(line));
  await toggle();
  t.match(await lines.find((line) => line.includes('drone.stream.status')), /DRN-0042 .* on/);
});

t.test('curl', { skip: !requires(t, 'curl') && 'no curl' }, async (t) => {
  const { relay, toggle } = await startRelay(t);
  const streaming = run(t, 'sh', ['-c', example('curl', relay)]);
  t.match(await seen(streaming, /^data: .*stream\.status/, toggle), STREAM);
  const polling = run(t, 'sh', ['-c', example('curl', relay, 1)]);
  t.match(JSON.parse(await seen(polling, /^\{/, toggle)), {
    cursor: String,
    events: [{ serialNumber: 'DRN-0042' }],
  });
});

t.test('websocat', { skip: !requires(t, 'websocat') && 'no websocat' }, async (t) => {
  const { relay, toggle } = await startRelay(t);
  const lines = run(t, 'sh', ['-c', example('websocat', relay)]);
  await lines.find((line) => line.includes('relay.connected'));
  await toggle();
  t.match(await lines.next(), STREAM);
});

t.test('a browser', { skip: !requiresChromium(t) && 'no Chromium' }, async (t) => {
  const { relay, folder, toggle } = await startRelay(t);
  const page = example('html', relay);
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end(page),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close().closeAllConnections());

  const { page: tab } = await openTab(t);
  await tab.goto(`http://localhost:${(server.address() as AddressInfo).port}/follow.html`);
  await tab.getByText('live').waitFor();
  await toggle();
  await tab.getByText('stream on').waitFor();

  const file = join(folder, 'follow.html');
  await writeFile(file, page);
  await tab.goto(pathToFileURL(file).href);
  await tab.getByText('closed: This page has no origin, because it was opened from disk').waitFor();
  t.pass('it has shown the change, and why a page on disk does not');
});

t.test('Node', async (t) => {
  const { relay, toggle, folder } = await startRelay(t);
  const code = example('js', relay).replace('cursor.txt', join(folder, 'cursor.txt'));
  // From where the package is installed.
  const lines = run(t, process.execPath, ['--input-type=module', '--eval', code], join(ROOT, 'apps/cli'));
  t.match(await seen(lines, /stream/, toggle), /^stream (?:on|off)$/);
});

const hasPackage = await promisify(execFile)(PYTHON, ['-c', 'import dronecast']).then(
  () => true,
  () => false,
);
if (process.env.CI === 'true') t.ok(hasPackage, 'DRONECAST_PYTHON has clients/python installed');
t.test('Python', { skip: !hasPackage && 'clients/python is not installed' }, async (t) => {
  const { relay, toggle, folder } = await startRelay(t);
  const code = example('python', relay).replace('cursor.txt', join(folder, 'cursor.txt'));
  const lines = run(t, PYTHON, ['-c', code]);
  t.match(await seen(lines, /stream/, toggle), /^stream (?:on|off)$/);
});
