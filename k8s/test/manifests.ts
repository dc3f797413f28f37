import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What can be built on its own. */
export const BUILDS = ['base', 'overlays/dev', 'overlays/production', 'detector'] as const;
export type Build = (typeof BUILDS)[number];

export interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly resources?: { readonly limits: { readonly memory: string } };
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
}

export interface PodSpec {
  readonly containers: readonly [Container];
  readonly terminationGracePeriodSeconds?: number;
  readonly volumes: readonly {
    readonly name: string;
    readonly secret?: {
      readonly secretName: string;
      readonly items: readonly { key: string; path: string }[];
    };
  }[];
}

export interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own shape, and the tests assert it.
  readonly [key: string]: any;
}

/** The text that `kubectl apply -k` would send. */
export const build = (name: Build): string =>
  execFileSync('kubectl', ['kustomize', `k8s/${name}`], { cwd: ROOT, encoding: 'utf8' });

export const parse = (text: string): Resource[] =>
  parseAllDocuments(text, { merge: true }).map((document) => document.toJS());

export const ofKind = (resources: readonly Resource[], ...kinds: readonly string[]): Resource[] =>
  resources.filter(({ kind }) => kinds.includes(kind));

export const podsOf = (resources: readonly Resource[]): Resource[] =>
  ofKind(resources, 'Deployment', 'StatefulSet');

/** The environment of a container: its config maps, then its own. */
export function environmentOf(container: Container, resources: readonly Resource[]): Record<string, string> {
  const maps = (container.envFrom ?? []).map(({ configMapRef }) =>
    ofKind(resources, 'ConfigMap').find(({ metadata }) => metadata.name === configMapRef.name),
  );
  const own = (container.env ?? []).map(({ name, value = '' }) => [name, value]);
  return Object.assign({}, ...maps.map((map) => map?.data), Object.fromEntries(own));
}
