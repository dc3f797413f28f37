import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { DeviceMap } from '../map/device-map.js';
import type { Marker } from '../map/marker.js';
import { incidents, incidentsState, newIncidents, showNew } from '../state/incidents.js';
import { adjust, openDevice, param } from '../state/place.js';
import { RequestError } from '../state/requests.js';
import { Plot } from '../ui/plot.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { useVirtual } from '../ui/use-virtual.js';
import { overTime, range, wanted, wantedOnMap } from './brush.js';
import { IncidentCard, nameOf } from './incident-card.js';

const CARD_HEIGHT = 116;
const SERIES = [{ label: 'Incidents', stroke: '#c2410c', fill: '#c2410c44' }];

function Feed() {
  const box = useRef<HTMLDivElement>(null);
  const { rows, height } = useVirtual(box, wanted.value.length, CARD_HEIGHT);
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
      {wanted.value.length === 0 && <p class="hint">No incident fits.</p>}
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
      <output>{`${wanted.value.length} of ${incidents.value.length}`}</output>
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
  const waiting = newIncidents.value.length;
  if (state instanceof RequestError) return <ProblemNotice error={state} />;
  return (
    <div class="fleet">
      <section class="map-box" aria-label="Map">
        <DeviceMap label="Map of incidents" markers={markers.value} trail={[]} onOpen={openDevice} />
      </section>
      <section class="devices" aria-label="Incidents">
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
        {waiting > 0 && (
          <button type="button" class="new-pill" onClick={showNew}>
            {`${waiting} new`}
          </button>
        )}
        {incidents.value.length === 0 && waiting === 0 ? (
          <p class="hint">
            {state === 'reading'
              ? 'Reading the incidents…'
              : 'No incidents yet: detectors post them to the API.'}
          </p>
        ) : (
          <Feed />
        )}
      </section>
    </div>
  );
}
