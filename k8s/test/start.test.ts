import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { requiresMongo, startMongo } from '../../test/support/mongo-server.js';
import { until } from '../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../test/support/redis-server.js';
import { requires } from '../../test/support/requirement.js';
import { build, type Container, environmentOf, ofKind, parse } from './manifests.js';

const hasAll = [requires(t, 'kubectl'), requiresRedis(t), requiresMongo(t)].every(Boolean);

t.test(
  'each container starts as its manifest says',
  { skip: !hasAll && 'kubectl or servers missing' },
  async (t) => {
    const [redis, mongo] = await Promise.all([startRedis(t), startMongo(t)]);
    const secrets: Readonly<Record<string, string>> = {
      'mongodb-url': mongo.url,
      'redis-url': redis.url,
      'jwt-secret': 'a-secret-of-the-tests-that-is-32-bytes-or-more',
      'credentials-key': `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    };
    const folder = t.testdir(secrets);
    const resources = parse(build('overlays/production'));
    for (const { metadata, spec } of ofKind(resources, 'Deployment')) {
      const container: Container = spec.template.spec.containers[0];
      const mount = container.volumeMounts?.[0]?.mountPath ?? '';
      const env = Object.fromEntries(
        Object.entries(environmentOf(container, resources)).map(([name, value]) => [
          name,
          value.replace(mount, folder),
        ]),
      );
      const port = await freePort();
      const [command = '', ...args] = container.command ?? [];
      const app = metadata.name.replace('dronecast-', '');
      const child = spawn(command, args, {
        cwd: fileURLToPath(new URL(`../../apps/${app}`, import.meta.url)),
        // As the image does.
        env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env, PORT: String(port) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          output += chunk;
        });
      t.teardown(() => child.kill('SIGKILL'));
      const url = (path = '/') => `http://127.0.0.1:${port}${path}`;
      await until(
        async () =>
          (await fetch(url(container.readinessProbe?.httpGet?.path)).catch(() => undefined))?.ok ?? false,
      );
      for (const probe of [container.startupProbe, container.livenessProbe])
        t.equal((await fetch(url(probe?.httpGet?.path))).status, 200, `${app}: ${probe?.httpGet?.path}`);
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      t.equal(code, 0, output);
    }
  },
);
