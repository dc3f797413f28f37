import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { Config as ApiConfig } from '../../apps/api/src/config.js';
import { Config as RelayConfig } from '../../apps/relay/src/config.js';
import { requires } from '../../test/support/requirement.js';

const FILE = new URL('../../docker-compose.yml', import.meta.url);
const { services } = parse(readFileSync(FILE, 'utf8'), { merge: true });
const DRAIN_SECONDS = RelayConfig.properties.DRAIN_MS.default / 1000;

t.test('is what docker compose takes', async (t) => {
  if (!requires(t, 'check-jsonschema')) return;
  execFileSync('check-jsonschema', ['--builtin-schema', 'vendor.compose-spec', FILE.pathname]);
});

t.test('two of each, with time to drain, and told only what they know', async (t) => {
  for (const [name, { properties }] of [
    ['api', ApiConfig],
    ['relay', RelayConfig],
  ] as const) {
    const { deploy, environment, stop_grace_period: grace, healthcheck, ports } = services[name];
    t.equal(deploy.replicas, 2);
    t.equal(ports, undefined, 'reached by the gateway alone');
    t.ok(Number.parseInt(grace, 10) >= DRAIN_SECONDS + 5);
    t.same(
      Object.keys(environment).filter((setting) => !(setting in properties)),
      [],
    );
    t.match(healthcheck.test.at(-1), '/health/ready');
  }
});

t.test('keeps what it is given', async (t) => {
  t.match(services.redis.command.join(' '), /--appendonly yes --maxmemory 1gb --maxmemory-policy noeviction/);
  for (const name of ['mongo', 'redis']) t.equal(services[name].volumes.length, 1);
  const profiles = Object.entries<{ profiles?: string[] }>(services).flatMap(([name, { profiles = [] }]) =>
    profiles.map((profile) => `${profile}: ${name}`),
  );
  t.same(profiles, ['demo: simulator', 'observability: prometheus', 'observability: grafana']);
});
