import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { beats } from '../state/latency.js';
import { relayUrl } from '../state/live.js';
import { formatNumber } from '../state/number.js';
import { mayUse } from '../state/session.js';
import { Plot } from '../ui/plot.js';
import { Composer } from './composer.js';
import { type Metrics, quantileOf } from './metrics-text.js';
import { apiMetrics, ready, relayMetrics, watchStatus } from './status.js';

const RATE = [{ label: 'Events per second', stroke: '#2563eb', fill: '#2563eb33' }];
const LATENCY = [
  { label: 'p50 ms', stroke: '#15803d', spanGaps: true },
  { label: 'p99 ms', stroke: '#c2410c', spanGaps: true },
];
const NOT_SHOWN = 'not exposed here';

function Tile({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function lag(metrics: Metrics | undefined, name: string): string {
  if (!metrics) return NOT_SHOWN;
  const seconds = quantileOf(metrics, name, 0.99);
  if (seconds === undefined) return 'nothing yet';
  return seconds === Infinity ? 'above all buckets' : `≤ ${Math.round(seconds * 1000)} ms (p99)`;
}

function count(metrics: Metrics | undefined, name: string): string {
  const value = metrics?.values.get(name);
  return value === undefined ? NOT_SHOWN : formatNumber(Math.round(value));
}

/** How the installation does: what waits, how late events are, who listens. */
export function SystemView() {
  useEffect(watchStatus, []);
  const rate = useComputed((): [number[], number[]] => [
    beats.value.map(({ at }) => at),
    beats.value.map(({ events }) => events),
  ]);
  const latency = useComputed((): [number[], (number | null)[], (number | null)[]] => [
    beats.value.map(({ at }) => at),
    beats.value.map(({ p50 }) => p50),
    beats.value.map(({ p99 }) => p99),
  ]);
  const health = ready.value;
  return (
    <div class="system">
      <dl class="tiles">
        <Tile name="API">
          {health
            ? [health.status, ...health.missing.map((what) => `${what} is away`)].join(', ')
            : 'does not answer'}
        </Tile>
        <Tile name="Backlog">
          {health?.backlog
            ? `${health.backlog.drones} devices, oldest ${Math.round(health.backlog.oldestAgeMs / 1000)} s`
            : 'unknown'}
        </Tile>
        <Tile name="Commit to bus">{lag(apiMetrics.value, 'dronecast_publish_lag_seconds')}</Tile>
        <Tile name="Bus to relay">{lag(relayMetrics.value, 'dronecast_relay_lag_seconds')}</Tile>
        <Tile name="Peers">{count(relayMetrics.value, 'dronecast_peers')}</Tile>
        <Tile name="Deliveries">{count(relayMetrics.value, 'dronecast_deliveries_total')}</Tile>
      </dl>
      <p class="hint">{`Relay: ${relayUrl}. Figures come from the relay that answered this request.`}</p>
      <section aria-label="Plots" class="plots">
        <h2>Events per second</h2>
        <Plot label="Events per second over the last five minutes" data={rate.value} series={RATE} />
        <h2>Commit to screen</h2>
        <Plot label="Milliseconds from commit to this screen" data={latency.value} series={LATENCY} />
      </section>
      {mayUse('system:broadcast') ? <Composer /> : <p class="hint">Your token does not allow broadcasts.</p>}
    </div>
  );
}
