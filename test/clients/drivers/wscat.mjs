import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { show, socketUrlOf } from './message.mjs';

const [base, sn, since] = process.argv.slice(2);
const wscat = createRequire(import.meta.url).resolve('wscat/bin/wscat');
// It ends with its standard input, which is this process's.
const child = spawn(process.execPath, [wscat, '--connect', socketUrlOf(base, sn, since).href], {
  stdio: ['inherit', 'pipe', 'inherit'],
});
let rest = '';
child.stdout.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) show(line);
});
