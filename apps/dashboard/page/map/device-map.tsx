import { useEffect, useRef } from 'preact/hooks';
import type { Place } from '../state/places.js';
import { createMap, type MapView } from './map-view.js';
import type { Marker } from './marker.js';

export interface DeviceMapProps {
  readonly label: string;
  readonly markers: readonly Marker[];
  readonly trail: readonly Place[];
  readonly onOpen: (key: string) => void;
}

/** A map that is told what is on it; what it shows can all be had from a list beside it. */
export function DeviceMap({ label, markers, trail, onOpen }: DeviceMapProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<MapView>(undefined);
  const open = useRef(onOpen);
  open.current = onOpen;

  useEffect(() => {
    view.current = createMap(box.current as HTMLDivElement, (key) => open.current(key));
    return () => view.current?.close();
  }, []);
  useEffect(() => view.current?.show(markers), [markers]);
  useEffect(() => view.current?.showTrail(trail), [trail]);

  return <section class="map" ref={box} aria-label={label} />;
}
