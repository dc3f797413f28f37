import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { testFolder } from '../../../test/support/folder.js';
import { until } from '../../../test/support/queue.js';
import { requires } from '../../../test/support/requirement.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COMMAND = `${process.execPath} apps/standalone/dist/server.js`;

t.test('in a terminal the log is for people, and keeps secrets all the same', async (t) => {
  if (!requires(t, 'script')) return;
  const env = { PATH: process.env.PATH, PORT: '0', DATA_DIR: testFolder(t), TERM: 'xterm' };
  const terminal = spawn('script', ['-qec', COMMAND, '/dev/null'], { cwd: ROOT, env });
  t.teardown(async () => {
    terminal.kill('SIGTERM');
    if (terminal.exitCode === null) await once(terminal, 'exit');
  });
  let output = '';
  terminal.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const url = (): string | undefined => /Dashboard +(http:\S+)/.exec(output)?.[1];
  await until(() => url() !== undefined);
  await fetch(`${url()}/api/v1/drones?access_token=hush-hush`);
  await until(() => /INFO.*GET \/api\/v1\/drones 200 [\d.]+ ms/.test(output));
  t.notMatch(output, /^\{/m, 'no line of JSON');
  t.notMatch(output, 'hush-hush');
});
