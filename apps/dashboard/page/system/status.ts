import { signal } from '@preact/signals';
import { relayUrl } from '../state/live.js';
import { type Metrics, parseMetrics } from './metrics-text.js';

const EVERY_MS = 3000;

interface Ready {
  readonly status: string;
  readonly missing: readonly string[];
  readonly backlog?: { readonly drones: number; readonly oldestAgeMs: number };
}

/** Undefined: it did not answer. */
export const ready = signal<Ready>();
export const apiMetrics = signal<Metrics>();
export const relayMetrics = signal<Metrics>();

async function get<T>(url: string, read: (response: Response) => Promise<T>): Promise<T | undefined> {
  try {
    return await read(await fetch(url));
  } catch {
    return undefined;
  }
}

/** An ingress that keeps metrics to itself answers with a page or an error. */
const readMetrics = async (response: Response): Promise<Metrics | undefined> =>
  response.headers.get('content-type')?.startsWith('text/plain')
    ? parseMetrics(await response.text())
    : undefined;

async function refresh(): Promise<void> {
  const [health, ofApi, ofRelay] = await Promise.all([
    get('/health/ready', (response) => response.json() as Promise<Ready>),
    get('/metrics', readMetrics),
    relayUrl === location.origin ? undefined : get(new URL('/metrics', relayUrl).href, readMetrics),
  ]);
  ready.value = health;
  apiMetrics.value = ofApi;
  relayMetrics.value = relayUrl === location.origin ? ofApi : ofRelay;
}

/** Returns what ends it. */
export function watchStatus(): () => void {
  void refresh();
  const timer = setInterval(() => void refresh(), EVERY_MS);
  return () => clearInterval(timer);
}
