import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { accept, startApiDouble } from './api-double.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

function simulate(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { child, ended };
}

t.test('SIGINT ends a run with a summary and code 0', async (t) => {
  let changes = 0;
  const double = await startApiDouble((request) => {
    if (!request.url.endsWith('/register')) changes += 1;
    if (changes === 5) child.kill('SIGINT');
    return accept(request);
  });
  t.teardown(() => double.close());
  const { child, ended } = simulate('--url', double.url.href, '--drones', '3', '--rate', '200');
  const { code, stdout, stderr } = await ended;
  t.equal(code, 0);
  t.equal(stderr, '');
  t.match(stdout, /^done in .* registered 3\/3 \| sent (\d+) \| ok \1 \| errors 0 /m);
});

t.test('--duration ends a run, even while the API is away', async (t) => {
  const gone = await startApiDouble(accept);
  await gone.close();
  const { code, stdout, stderr } = await simulate('--url', gone.url.href, '--duration', '0.2').ended;
  t.equal(code, 0);
  t.equal(stderr, '', 'nor does a wait per drone look like a leak');
  t.match(stdout, /registered 0\/50 .* errors ECONNREFUSED:\d+/);
});

t.test('a server that is not the API ends it with one line and code 1', async (t) => {
  const double = await startApiDouble(() => ({ status: 404 }));
  t.teardown(() => double.close());
  const { code, stdout, stderr } = await simulate('--url', double.url.href).ended;
  t.equal(code, 1);
  t.match(stdout, /errors 404:50/);
  t.match(stderr, /^simulate: --url [^\n]* takes no registration\n$/);
});

t.test('a bad option ends it with one line and code 1', async (t) => {
  const { code, stderr } = await simulate('--rate', 'fast').ended;
  t.equal(code, 1);
  t.match(stderr, /^simulate: --rate [^\n]*\n$/);
});

t.test('--help shows the options', async (t) => {
  const { code, stdout } = await simulate('--help').ended;
  t.equal(code, 0);
  t.match(stdout, '--duration');
});
