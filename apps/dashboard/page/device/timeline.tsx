import { type DronecastEvent, isForeign, isGap } from '@dronecast/client';
import { heard } from '../state/history.js';
import { formatTime } from '../state/time.js';

const SHOWN = 50;

type OfDevice = Exclude<DronecastEvent, { event: 'system.broadcast' }>;

const isOf = (serialNumber: string, item: (typeof heard.value)[number]['item']): item is OfDevice =>
  !isGap(item) && !isForeign(item) && item.event !== 'system.broadcast' && item.serialNumber === serialNumber;

/** Nested changes by the path of each value. */
function flatten(value: object, path = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([name, inner]): [string, unknown][] =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? flatten(inner, `${path}${name}.`)
      : [[path + name, inner]],
  );
}

function Changes({ event }: { event: OfDevice }) {
  if (event.event === 'drone.incident.detected')
    return <span>{event.data.incident.label ?? 'incident'}</span>;
  if (event.event !== 'drone.updated') return null;
  const before = new Map(flatten(event.data.previous));
  return (
    <ul>
      {flatten(event.data.changes).map(([path, value]) => (
        <li key={path}>
          <code>{path}</code> {JSON.stringify(before.get(path)) ?? 'nothing'} → {JSON.stringify(value)}
        </li>
      ))}
    </ul>
  );
}

/** What has happened to a device since the page was opened, newest first. */
export function Timeline({ serialNumber }: { serialNumber: string }) {
  const events = heard.value.flatMap(({ item }) => (isOf(serialNumber, item) ? [item] : [])).slice(0, SHOWN);
  return (
    <section aria-label="Timeline">
      <h3>Timeline</h3>
      {events.length === 0 && <p class="hint">Nothing has happened since this page was opened.</p>}
      <ol class="timeline">
        {events.map((event) => (
          <li key={event.id}>
            <time dateTime={event.timestamp}>{formatTime(event.timestamp)}</time>{' '}
            <strong>{event.event.replace('drone.', '')}</strong>{' '}
            <span class="hint">{`rev ${event.revision}`}</span> <Changes event={event} />
          </li>
        ))}
      </ol>
    </section>
  );
}
