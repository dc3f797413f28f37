import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { buildAlso, EARLIER_COMMIT, earlierBuild } from '../../test/support/earlier-build.js';
import { requiresSystem } from '../../test/support/system.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** With the Python client as a witness, where it is installed. */
const PYTHON = process.env.DRONECAST_PYTHON ? ['--python', process.env.DRONECAST_PYTHON] : [];
if (process.env.CI === 'true')
  t.ok(PYTHON.length, 'DRONECAST_PYTHON names an interpreter that has clients/python');

async function runChaos(t: Test, ...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

/** Of the table's last line. */
const total = (output: string, column: 'delivered' | 'lost'): number => {
  const cells = /^\| \*\*total\*\* (.*)\|$/m.exec(output)?.[1]?.split('|').map(Number) ?? [];
  return cells[column === 'delivered' ? 3 : 4] ?? Number.NaN;
};

if (requiresSystem(t)) {
  t.test('nothing is lost, repeated or reordered under faults', async (t) => {
    const earlier = await earlierBuild(t, EARLIER_COMMIT);
    if (earlier) await buildAlso(earlier, 'chaos');
    const { code, output } = await runChaos(
      t,
      ...['--minutes', '0.75', '--seed', '4', '--backlog', '20'],
      ...(earlier ? ['--earlier', earlier] : []),
      ...PYTHON,
    );
    t.equal(code, 0, output);
    t.match(output, /^PASS$/m);
    for (const transport of ['ws', 'sse', 'poll']) {
      t.match(output, `| @dronecast/client, ${transport}`);
      if (PYTHON.length > 0) t.match(output, `| dronecast for Python, ${transport}`);
    }
    t.ok(total(output, 'delivered') > 10_000);
    t.equal(total(output, 'lost'), 0);
  });

  // The proof is worth something only if it can fail.
  t.test('without the outbox losses are found', async (t) => {
    const faults = ['--faults', 'api-kill-before-publish,redis-kill'];
    const { code, output } = await runChaos(t, '--minutes', '0.15', '--mutation', 'no-outbox', ...faults);
    t.equal(code, 1, output);
    t.ok(total(output, 'lost') > 0);
  });

  t.test('without the order check losses are found', async (t) => {
    const faults = ['--faults', 'api-kill-before-publish,redis-cut'];
    const { code, output } = await runChaos(
      t,
      ...['--minutes', '0.2', '--mutation', 'no-order-check'],
      ...faults,
    );
    t.equal(code, 1, output);
    t.ok(total(output, 'lost') > 0);
  });

  t.test('without catching up losses are found', async (t) => {
    const faults = ['--faults', 'subscriber-kill,redis-cut'];
    const { code, output } = await runChaos(t, '--minutes', '0.15', '--mutation', 'no-catch-up', ...faults);
    t.equal(code, 1, output);
    t.ok(total(output, 'lost') > 0);
  });
}

t.test('a wrong option is answered with one line', async (t) => {
  for (const args of [
    ['--minutes', 'x'],
    ['--faults', 'nothing'],
    ['--faults', 'earlier-api'],
    ['--mutation', 'x'],
    ['--what'],
  ])
    t.equal((await runChaos(t, ...args)).code, 1);
});
