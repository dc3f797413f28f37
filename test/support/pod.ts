import { readFileSync } from 'node:fs';
import type { Test } from 'tap';
import { parseAllDocuments } from 'yaml';
import { type AppProcess, startProcess } from './process.js';
import { until } from './queue.js';

/** A process that has the memory of its pod, as k8s/base gives it. */
export interface Pod extends AppProcess {
  /** MiB of memory that the pod may take. */
  readonly limitMiB: number;
  /** MiB of memory that it took at most so far. */
  peakMiB(): number;
}

interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: { readonly resources: { readonly limits: { memory: string } } }[];
      };
    };
  };
}

/** MiB of the memory limit that the manifest of an app sets. */
function memoryLimit(app: string): number {
  const manifest = readFileSync(new URL(`../../k8s/base/${app}.yaml`, import.meta.url), 'utf8');
  const documents = parseAllDocuments(manifest).map((document) => document.toJSON() as Deployment);
  const deployment = documents.find(({ kind }) => kind === 'Deployment');
  const [container] = deployment?.spec.template.spec.containers ?? [];
  const [, amount, unit] = /^(\d+)(Mi|Gi)$/.exec(container?.resources.limits.memory ?? '') ?? [];
  if (!amount) throw new Error(`k8s/base/${app}.yaml sets no memory limit in Mi or Gi`);
  return Number(amount) * (unit === 'Gi' ? 1024 : 1);
}

/** The peak of a process's resident memory in MiB, which Linux keeps. */
function peakOf(pid: number | undefined): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kibibytes) / 1024);
}

/** Starts an app and waits until it is ready. In a container Node takes half of the memory as its heap. */
export async function startPod(
  t: Test,
  app: 'api' | 'relay',
  env: Record<string, string> = {},
): Promise<Pod> {
  const limitMiB = memoryLimit(app);
  const heap = { NODE_OPTIONS: `--max-old-space-size=${limitMiB / 2}` };
  const process = await startProcess(t, `apps/${app}/dist/server.js`, {
    ...heap,
    ...env,
  });
  await until(async () => (await fetch(`${process.url}/health/ready`)).ok);
  return { ...process, limitMiB, peakMiB: () => peakOf(process.child.pid) };
}

/** The pod lives, and has never taken more than it may. */
export function fits(t: Test, pod: Pod): void {
  t.equal(pod.child.exitCode, null, 'the process lives', { output: pod.output().slice(-2000) });
  if (pod.child.exitCode !== null) return;
  const peak = pod.peakMiB();
  t.ok(peak < pod.limitMiB, `took ${peak} of ${pod.limitMiB} MiB`);
  t.comment(`peak ${peak} MiB of ${pod.limitMiB}`);
}
