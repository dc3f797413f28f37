import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse as parseYaml, stringify } from 'yaml';
import { requires } from '../../test/support/requirement.js';

const FOLDER = new URL('../monitoring/', import.meta.url);
const rules = parseYaml(readFileSync(new URL('alerts.yaml', FOLDER), 'utf8')).spec;
const dashboard = readFileSync(new URL('dashboard.json', FOLDER), 'utf8');
const documented = readFileSync(new URL('../../docs/METRICS.md', import.meta.url), 'utf8');

interface Trigger {
  /** Samples of a minute each, in promtool's notation, with which the alert fires after half an hour. */
  readonly fires: Readonly<Record<string, string>>;
  /** And with which it does not. */
  readonly rests: Readonly<Record<string, string>>;
}

/** All of what is timed took so long that it is above the bucket of one second, or not. */
const timed = (name: string, labels: string, isSlow: boolean): Record<string, string> => ({
  [`${name}_bucket{${labels}le="1"}`]: isSlow ? '0x40' : '0+10x40',
  [`${name}_bucket{${labels}le="5"}`]: '0+10x40',
  [`${name}_bucket{${labels}le="+Inf"}`]: '0+10x40',
});
const slow = (name: string, labels = ''): Trigger => ({
  fires: timed(name, labels, true),
  rests: timed(name, labels, false),
});
const gauge = (series: string, bad: number, good: number): Trigger => ({
  fires: { [series]: `${bad}x40` },
  rests: { [series]: `${good}x40` },
});
const counter = (series: string): Trigger => ({ fires: { [series]: '0+1x40' }, rests: { [series]: '5x40' } });

const TRIGGERS: Readonly<Record<string, Trigger>> = {
  DronecastApiAway: gauge('up{job="dronecast-api"}', 0, 1),
  DronecastRelayAway: gauge('up{job="dronecast-relay"}', 0, 1),
  DronecastDatabaseAway: {
    fires: { dronecast_outbox_drones: 'NaN '.repeat(41).trim() },
    rests: { dronecast_outbox_drones: '3x40' },
  },
  DronecastBusAway: gauge('dronecast_bus_live', 0, 1),
  DronecastBusFlaps: counter('dronecast_bus_disconnects_total'),
  DronecastOutboxOld: gauge('dronecast_outbox_oldest_age_seconds', 60, 1),
  DronecastOutboxSetAside: gauge('dronecast_outboxes_set_aside', 3, 0),
  DronecastPublishFails: counter('dronecast_publish_failures_total'),
  DronecastPublishSlow: slow('dronecast_publish_lag_seconds'),
  DronecastRelaySlow: slow('dronecast_relay_lag_seconds', 'instance="a",'),
  DronecastGap: counter('dronecast_gaps_total'),
  DronecastResumesFail: {
    fires: {
      'dronecast_resumes_total{outcome="gap"}': '0+5x40',
      'dronecast_resumes_total{outcome="resumed"}': '0+5x40',
    },
    rests: {
      'dronecast_resumes_total{outcome="gap"}': '0x40',
      'dronecast_resumes_total{outcome="resumed"}': '0+5x40',
    },
  },
  DronecastErrors: {
    fires: {
      'http_request_duration_seconds_count{job="dronecast-api",status="500",route="/api"}': '0+1x40',
      'http_request_duration_seconds_count{job="dronecast-api",status="200",route="/api"}': '0+9x40',
    },
    rests: {
      'http_request_duration_seconds_count{job="dronecast-api",status="503",route="/health/ready"}': '0+9x40',
      'http_request_duration_seconds_count{job="dronecast-api",status="200",route="/api"}': '0+9x40',
    },
  },
  DronecastRequestsSlow: slow('http_request_duration_seconds', 'job="dronecast-api",route="/api/v1/drones",'),
  DronecastEventLoopSlow: gauge('nodejs_eventloop_lag_p99_seconds{job="dronecast-api"}', 0.5, 0.01),
  DronecastRelayFull: gauge('dronecast_peers', 17_000, 9000),
};

const caseOf = (alert: string, series: Readonly<Record<string, string>>, isFiring: boolean) => ({
  interval: '1m',
  input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
  promql_expr_test: [
    {
      expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
      eval_time: '30m',
      exp_samples: isFiring ? [{ labels: '{}', value: 1 }] : [],
    },
  ],
});

t.test('each alert fires when it should, and rests when it should', async (t) => {
  const alerts = rules.groups.flatMap(({ rules }: { rules: { alert: string }[] }) =>
    rules.map(({ alert }) => alert),
  );
  t.same(Object.keys(TRIGGERS).sort(), alerts.sort(), 'each has a trigger');
  if (!requires(t, 'promtool')) return;
  const folder = t.testdir();
  writeFileSync(join(folder, 'rules.yaml'), stringify(rules));
  const tests = Object.entries(TRIGGERS).flatMap(([alert, { fires, rests }]) => [
    caseOf(alert, fires, true),
    caseOf(alert, rests, false),
  ]);
  const file = join(folder, 'tests.yaml');
  writeFileSync(file, stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }));
  t.match(execFileSync('promtool', ['test', 'rules', file], { encoding: 'utf8' }), 'SUCCESS');
});

t.test('what alerts and plots ask for is what the processes tell', async (t) => {
  const names = new Set(
    `${JSON.stringify(rules)}${dashboard}`.match(/\b(dronecast|http|nodejs|process)_\w+/g),
  );
  t.ok(names.size > 15);
  for (const name of names) {
    const plain = name.replace(/_(bucket|count|sum)$/, '');
    if (/^(nodejs|process)_/.test(plain)) continue;
    t.ok(documented.includes(plain), plain);
  }
});

t.test('each alert has its lines in the handbook', async (t) => {
  const handbook = readFileSync(new URL('../../docs/OPERATIONS.md', import.meta.url), 'utf8');
  for (const alert of Object.keys(TRIGGERS)) t.ok(handbook.includes(`\`${alert}\``), alert);
});
