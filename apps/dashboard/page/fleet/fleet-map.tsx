import { useComputed } from '@preact/signals';
import { DeviceMap } from '../map/device-map.js';
import type { Marker } from '../map/marker.js';
import { isFleetWhole } from '../state/fleet.js';
import { hasOlder, incidentsState, readCount } from '../state/incidents.js';
import { countOf } from '../state/number.js';
import { openDevice, param } from '../state/place.js';
import { trails } from '../state/places.js';
import { found } from './filter.js';

/** The devices of the table that have coordinates, and the trail of the open one. */
export function FleetMap() {
  const markers = useComputed((): readonly Marker[] =>
    found.value.flatMap((drone) => {
      const [place] = trails.value.get(drone.deviceSerialNumber) ?? [];
      if (!place) return [];
      const tone = drone.isUsingAiDetection ? 'ai' : drone.streamIsOn ? 'on' : 'off';
      return [{ key: drone.deviceSerialNumber, title: drone.deviceName, tone, place } as const];
    }),
  );
  const unplaced = found.value.length - markers.value.length;
  return (
    <section class="map-box" aria-label="Map">
      <DeviceMap
        label="Map of devices"
        markers={markers.value}
        tones={['ai', 'on', 'off']}
        trail={trails.value.get(param('sn')) ?? []}
        onOpen={openDevice}
      />
      {isFleetWhole.value && incidentsState.value === 'right' && unplaced > 0 && (
        <p class="map-note">
          {`${countOf(unplaced, 'device has', 'devices have')} no known position`}
          {hasOlder.value && (
            <span class="hint">{`. Positions come from the newest ${countOf(readCount.value, 'incident')}.`}</span>
          )}
        </p>
      )}
    </section>
  );
}
