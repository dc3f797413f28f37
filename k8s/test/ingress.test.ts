import { readFileSync } from 'node:fs';
import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { useDeviceNames } from '../../test/support/device-names.js';
import { requiresMongo, startMongo } from '../../test/support/mongo-server.js';
import { requiresNginx, startNginx } from '../../test/support/nginx.js';
import { startProcess } from '../../test/support/process.js';
import { until } from '../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../test/support/redis-server.js';
import { ofKind, parse } from './manifests.js';

const MANIFEST = readFileSync(new URL('../base/ingress.yaml', import.meta.url), 'utf8');
const hasAll = [requiresNginx(t), requiresRedis(t), requiresMongo(t)].every(Boolean);

interface Path {
  readonly path: string;
  readonly pathType: 'Prefix' | 'Exact';
  readonly backend: { readonly service: { readonly name: string } };
}

/** The locations that ingress-nginx makes of a path: no `proxy_pass` has a path, so that the request's goes on as it came. */
function locationsOf({ path, pathType, backend }: Path, ports: Readonly<Record<string, number>>): string {
  const port = ports[backend.service.name];
  const content = port === undefined ? 'return 503;' : `proxy_pass http://127.0.0.1:${port};`;
  const exact = `location = ${path} { ${content} }`;
  if (pathType === 'Exact') return exact;
  return path === '/' ? `location / { ${content} }` : `location ${path}/ { ${content} } ${exact}`;
}

t.test(
  'serial numbers of real devices get through an ingress',
  { skip: !hasAll && 'nginx or servers missing' },
  async (t) => {
    const [redis, mongo, port] = await Promise.all([startRedis(t), startMongo(t), freePort()]);
    const env = { REDIS_URL: redis.url, MONGODB_URL: mongo.url, TRUST_PROXY: '1' };
    const api = await startProcess(t, 'apps/api/dist/server.js', env);
    const relay = await startProcess(t, 'apps/relay/dist/server.js', env);
    const ports = { 'dronecast-api': api.port, 'dronecast-relay': relay.port };
    const paths: Path[] = ofKind(parse(MANIFEST), 'Ingress').flatMap(({ spec }) => spec.rules[0].http.paths);
    const url = `http://127.0.0.1:${port}`;
    await startNginx(
      t,
      t.testdir(),
      `map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
     access_log off;
     server {
       listen 127.0.0.1:${port};
       proxy_http_version 1.1;
       proxy_buffering off;
       proxy_set_header Host $http_host;
       proxy_set_header X-Forwarded-For $remote_addr;
       proxy_set_header Upgrade $http_upgrade;
       proxy_set_header Connection $connection_upgrade;
       ${paths.map((path) => locationsOf(path, ports)).join('\n')}
     }`,
      `${url}/health/ready`,
    );
    await until(async () => (await fetch(`${relay.url}/health/ready`)).ok);
    t.equal((await fetch(`${url}/metrics`)).status, 503);
    await useDeviceNames(t, url);
  },
);
