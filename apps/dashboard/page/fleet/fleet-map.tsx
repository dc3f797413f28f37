import { useComputed } from '@preact/signals';
import { DeviceMap } from '../map/device-map.js';
import type { Marker } from '../map/marker.js';
import { openDevice, param } from '../state/place.js';
import { trails } from '../state/places.js';
import { found } from './filter.js';

/** Where the devices of the table are that have a place, and the way that the open one has come. */
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
        trail={trails.value.get(param('sn')) ?? []}
        onOpen={openDevice}
      />
      {unplaced > 0 && (
        <p class="map-note">{`${unplaced} without a place: no incident has told where they are. They are in the table.`}</p>
      )}
    </section>
  );
}
