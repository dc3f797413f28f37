import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import t from 'tap';
import { testFolder } from './support/folder.js';
import { codeBlocks } from './support/markdown.js';
import { startProcess } from './support/process.js';
import { Queue } from './support/queue.js';
import { requires } from './support/requirement.js';

const commands = codeBlocks('README.md', 'sh').map((text) => text.trim());

t.test(
  'the first commands do what the README says',
  { skip: !requires(t, 'curl') && 'no curl' },
  async (t) => {
    const { url } = await startProcess(t, 'apps/standalone/dist/server.js', { DATA_DIR: testFolder(t) });
    const find = (part: string): string =>
      commands.find((text) => text.includes(part))?.replace('http://127.0.0.1:3000', url) ?? 'false';
    const run = async (part: string) => {
      const { stdout } = await promisify(execFile)('sh', ['-c', find(part)]);
      return JSON.parse(stdout);
    };
    t.match(await run('/drones/register'), { status: 'success' });
    const follower = spawn('sh', ['-c', `exec ${find('/sse/events')}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.teardown(async () => {
      follower.kill();
      await once(follower, 'exit');
    });
    const lines = new Queue<string>();
    createInterface(follower.stdout).on('line', (line) => lines.push(line));
    await lines.find((line) => line.includes('relay.connected'));
    t.match(await run('PATCH'), { status: 'success', data: { drone: { streamIsOn: true } } });
    t.match(await lines.find((line) => line.includes('drone.stream.status')), 'DRN-0042');
  },
);

t.test('a newcomer can paste each command on Windows too', async (t) => {
  const languages = ['sh', 'curl', 'websocat'].flatMap((name) => codeBlocks('docs/QUICKSTART.md', name));
  for (const text of [...commands, ...languages]) {
    for (const line of text.split('\n').filter((line) => /(?:curl|wscat|websocat|main\.js) /.test(line))) {
      t.notMatch(line, /'(?!\{")[^']*'/, `only JSON is in single quotes: ${line}`);
      t.notMatch(line, /\\$/, `it is one line: ${line}`);
    }
  }
});
