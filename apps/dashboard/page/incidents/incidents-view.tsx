import { useComputed } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { DeviceMap } from '../map/device-map.js';
import type { Marker } from '../map/marker.js';
import {
  hasOlder,
  incidents,
  incidentsState,
  newCount,
  olderState,
  readOlder,
  releasedCount,
  showNew,
} from '../state/incidents.js';
import { countOf, formatNumber } from '../state/number.js';
import { adjust, openDevice, param } from '../state/place.js';
import { RequestError } from '../state/requests.js';
import { Plot } from '../ui/plot.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { useVirtual } from '../ui/use-virtual.js';
import { countText, overTime, range, wanted, wantedOnMap } from './brush.js';
import { IncidentCard, nameOf } from './incident-card.js';

const CARD_HEIGHT = 116;
const SERIES = [{ label: 'Incidents', stroke: '#c2410c', fill: '#c2410c44' }];

/** Pages to the first incident ever. */
function OlderPages() {
  const state = olderState.value;
  if (!hasOlder.value) return <p class="hint">There are no older incidents.</p>;
  return (
    <>
      {state instanceof RequestError && <ProblemNotice error={state} />}
      <button type="button" class="quiet" disabled={state === 'reading'} onClick={() => void readOlder()}>
        {state === 'reading' ? 'Loading older incidents…' : 'Load older'}
      </button>
    </>
  );
}

function Feed() {
  const box = useRef<HTMLElement>(null);
  const { rows, height } = useVirtual(box, wanted.value.length, CARD_HEIGHT);
  const top = useRef<{ released: number; index: number; id?: string | undefined }>({ released: 0, index: 0 });
  // What is let go is above what is in sight: that stays where it is.
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const released = releasedCount.value;
    if (released > top.current.released) {
      const index = wanted.value.findIndex(({ id }) => id === top.current.id);
      if (index >= 0) current.scrollTop += (index - top.current.index) * CARD_HEIGHT;
    }
    const index = Math.floor(current.scrollTop / CARD_HEIGHT);
    top.current = { released, index, id: wanted.value[index]?.id };
  });
  return (
    <section class="feed" ref={box} tabIndex={0} aria-label="Feed of incidents">
      <div style={{ height: `${height}px` }}>
        {rows.map(({ index, start }) => {
          const incident = wanted.value[index];
          return (
            incident && (
              <div key={incident.id} class="feed-row" style={{ transform: `translateY(${start}px)` }}>
                <IncidentCard incident={incident} />
              </div>
            )
          );
        })}
      </div>
      {wanted.value.length === 0 && (
        <p class="hint">{`No incident matches the filters${hasOlder.value ? ' among those loaded' : ''}.`}</p>
      )}
      <OlderPages />
    </section>
  );
}

function Controls() {
  const confidence = Number(param('confidence') || 0);
  return (
    <div class="filters">
      <label class="grow">
        {`Confidence from ${confidence} %`}
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          value={confidence}
          onInput={({ currentTarget }) =>
            adjust({ confidence: currentTarget.value === '0' ? '' : currentTarget.value })
          }
        />
      </label>
      <output>{countText.value}</output>
      {range.value !== null && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            range.value = null;
          }}
        >
          All times
        </button>
      )}
    </div>
  );
}

/** Why the feed is empty. */
function NoIncidents() {
  if (incidentsState.value === 'reading') return <p class="hint">Loading incidents…</p>;
  if (incidentsState.value !== 'right') return null;
  return <p class="hint">No incidents yet. Detectors report them to the API.</p>;
}

/** What detectors saw, newest first, and where. */
export function IncidentsView() {
  useEffect(showNew, []);
  const state = incidentsState.value;
  const markers = useComputed((): readonly Marker[] =>
    wantedOnMap.value.flatMap((incident) => {
      if (!incident.coordinates) return [];
      const [longitude, latitude] = incident.coordinates.coordinates;
      const place = { longitude, latitude, at: incident.capturedAt };
      const title = `${nameOf(incident)}, ${incident.serialNumber}`;
      return [{ key: incident.serialNumber, title, tone: 'incident', place } as const];
    }),
  );
  const waiting = newCount.value;
  return (
    <div class="fleet">
      <section class="map-box" aria-label="Map">
        <DeviceMap
          label="Map of incidents"
          markers={markers.value}
          tones={['incident']}
          trail={[]}
          onOpen={openDevice}
        />
      </section>
      <section class="devices" aria-label="Incidents">
        {state instanceof RequestError && <ProblemNotice error={state} />}
        <Controls />
        <Plot
          label="Incidents over time; drag to select a time"
          data={overTime.value}
          series={SERIES}
          height={110}
          onSelect={(selected) => {
            range.value = selected;
          }}
        />
        {hasOlder.value && incidents.value.length > 0 && (
          <p class="hint">{`Plot, map and filters cover the ${countOf(incidents.value.length, 'incident')} loaded.`}</p>
        )}
        {waiting > 0 && releasedCount.value === 0 && (
          <button type="button" class="new-pill" onClick={showNew}>
            {`${formatNumber(waiting)} new`}
          </button>
        )}
        {releasedCount.value > 0 && (
          <button type="button" class="new-pill" onClick={showNew}>
            Back to the newest
          </button>
        )}
        {incidents.value.length > 0 && <Feed />}
        {incidents.value.length === 0 && <NoIncidents />}
      </section>
    </div>
  );
}
