import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Config as ApiConfig } from '../../apps/api/src/config.js';
import { Config as RelayConfig } from '../../apps/relay/src/config.js';
import { requires } from '../../test/support/requirement.js';
import {
  BUILDS,
  build,
  type Container,
  environmentOf,
  ofKind,
  type PodSpec,
  parse,
  podsOf,
} from './manifests.js';

const hasAll = [requires(t, 'kubectl'), requires(t, 'kubernetes-validate')].every(Boolean);
const skip = !hasAll && 'kubectl or kubernetes-validate missing';

const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  'dronecast-api': Object.keys(ApiConfig.properties),
  'dronecast-relay': Object.keys(RelayConfig.properties),
};
/** Of the Prometheus operator; no schema is at hand. */
const FOREIGN = /kind (ServiceMonitor|PrometheusRule) /;

type Labels = Readonly<Record<string, string>>;

/** Whether a label selector selects these labels; only what the manifests use of it. */
function selects(
  selector: {
    matchLabels?: Labels;
    matchExpressions?: { key: string; operator: string; values: string[] }[];
  },
  labels: Labels,
): boolean {
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every(({ key, values }) => values.includes(labels[key] ?? ''))
  );
}

for (const name of BUILDS) {
  t.test(`${name} is what Kubernetes takes`, { skip }, async (t) => {
    const file = join(t.testdir(), 'all.yaml');
    writeFileSync(file, build(name));
    const said = execFileSync('kubernetes-validate', ['--strict', file], { encoding: 'utf8', stdio: 'pipe' });
    const bad = said.split('\n').filter((line) => /WARN|ERROR/.test(line) && !FOREIGN.test(line));
    t.same(bad, []);
  });

  t.test(`${name} fits together`, { skip }, async (t) => {
    const resources = parse(build(name));
    const templates = podsOf(resources).map(({ spec }) => spec.template);
    const pods = templates.map(({ metadata }) => metadata.labels as Labels);
    for (const { metadata, spec } of podsOf(resources)) {
      t.ok(selects(spec.selector, spec.template.metadata.labels), `${metadata.name} selects its own pods`);
    }
    for (const { metadata, spec } of ofKind(resources, 'Service')) {
      if (!spec.selector) continue;
      t.ok(
        pods.some((labels) => selects({ matchLabels: spec.selector }, labels)),
        `service ${metadata.name}`,
      );
    }
    for (const { kind, metadata, spec } of ofKind(resources, 'PodDisruptionBudget', 'NetworkPolicy')) {
      const selector = spec.selector ?? spec.podSelector;
      t.ok(
        pods.some((labels) => selects(selector, labels)),
        `${kind} ${metadata.name}`,
      );
    }
    for (const { metadata, spec } of ofKind(resources, 'HorizontalPodAutoscaler')) {
      const { kind, name: target } = spec.scaleTargetRef;
      t.ok(
        ofKind(resources, kind).some((one) => one.metadata.name === target),
        `autoscaler ${metadata.name}`,
      );
    }
    const services = ofKind(resources, 'Service');
    for (const { spec } of ofKind(resources, 'Ingress')) {
      for (const { path, backend } of spec.rules[0].http.paths) {
        const service = services.find(({ metadata }) => metadata.name === backend.service.name);
        t.ok(
          service?.spec.ports.some((port: { name: string }) => port.name === backend.service.port.name),
          path,
        );
      }
    }
  });

  t.test(`${name} is careful`, { skip }, async (t) => {
    const resources = parse(build(name));
    for (const { metadata, spec } of podsOf(resources)) {
      const pod = spec.template.spec;
      t.match(
        pod,
        { automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } },
        metadata.name,
      );
      for (const container of pod.containers) {
        t.match(container, {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: { requests: { cpu: String, memory: String }, limits: { memory: String } },
        });
      }
    }
    t.same(ofKind(resources, 'Secret'), [], 'secrets are only referred to');
  });
}

t.test('what the processes are told, they know', { skip }, async (t) => {
  for (const name of ['base', 'overlays/dev', 'overlays/production'] as const) {
    const resources = parse(build(name));
    for (const { metadata, spec } of ofKind(resources, 'Deployment')) {
      const pod: PodSpec = spec.template.spec;
      const container: Container = pod.containers[0];
      const env = environmentOf(container, resources);
      for (const setting of Object.keys(env)) {
        t.ok(SETTINGS[metadata.name]?.includes(setting.replace(/_FILE$/, '')), `${name}: ${setting}`);
      }
      const files = pod.volumes.flatMap(({ name, secret }) => {
        const mount = container.volumeMounts?.find((one) => one.name === name);
        return (secret?.items ?? []).map(({ path }) => `${mount?.mountPath}/${path}`);
      });
      const read = Object.entries(env).filter(([setting]) => setting.endsWith('_FILE'));
      t.same(new Set(read.map(([, path]) => path)), new Set(files), 'what is mounted is read');

      const [port] = container.ports ?? [];
      t.equal(env.PORT, String(port?.containerPort));
      for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe])
        t.equal(probe?.httpGet?.port, port?.name);

      const drainSeconds = Number(env.DRAIN_MS ?? 0) / 1000;
      const preStopSeconds = container.lifecycle?.preStop.sleep.seconds ?? 0;
      t.ok(
        (pod.terminationGracePeriodSeconds ?? 0) >= preStopSeconds + drainSeconds + 5,
        `${metadata.name} has time to drain`,
      );
    }
  }
});

t.test('dev: Redis refuses writes long before its container is out of memory', { skip }, async (t) => {
  const redis = ofKind(parse(build('overlays/dev')), 'StatefulSet').find(
    ({ metadata }) => metadata.name === 'redis',
  );
  const [container] = redis?.spec.template.spec.containers ?? [];
  t.match(container?.command.join(' '), /--maxmemory 1gb --maxmemory-policy noeviction/);
  t.equal(container?.resources.limits.memory, '2Gi');
});

const MIB = 1024 * 1024;

t.test("the relay's memory limit has room for all that it may hold", { skip }, async (t) => {
  for (const name of ['base', 'overlays/dev', 'overlays/production'] as const) {
    const resources = parse(build(name));
    const relay = ofKind(resources, 'Deployment').find(({ metadata }) => metadata.name === 'dronecast-relay');
    const container: Container = relay?.spec.template.spec.containers[0];
    const [, size, unit] = /^(\d+)(Mi|Gi)$/.exec(container.resources?.limits.memory ?? '') ?? [];
    const limit = Number(size) * (unit === 'Gi' ? 1024 : 1) * MIB;
    const { PEERS_BUFFER_BYTES = RelayConfig.properties.PEERS_BUFFER_BYTES.default } = environmentOf(
      container,
      resources,
    );
    // Node's heap may take half of the limit; 48 MiB are history.
    t.ok(limit / 2 + Number(PEERS_BUFFER_BYTES) + 148 * MIB <= limit, name);
  }
});

t.test(
  'production: three of each, one away at a time, the relay in no hurry to shrink',
  { skip },
  async (t) => {
    const resources = parse(build('overlays/production'));
    const autoscalers = ofKind(resources, 'HorizontalPodAutoscaler');
    t.same(
      autoscalers.map(({ spec }) => spec.minReplicas),
      [3, 3],
    );
    const relay = autoscalers.find(({ metadata }) => metadata.name === 'dronecast-relay');
    t.match(relay?.spec.metrics, [
      { type: 'Resource' },
      { type: 'Pods', pods: { metric: { name: 'dronecast_peers' } } },
    ]);
    t.ok(relay?.spec.behavior.scaleDown.stabilizationWindowSeconds >= 600);
    for (const { spec } of ofKind(resources, 'Deployment'))
      t.match(spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
    for (const { spec } of ofKind(resources, 'Ingress')) {
      t.match(spec.tls, [{ secretName: String }]);
      t.notMatch(JSON.stringify(spec), /affinity|cookie/);
    }
  },
);
