import { useEffect, useRef, useState } from 'preact/hooks';
import type { Place } from '../state/places.js';
import { isStale } from '../state/staleness.js';
import { Legend } from './legend.js';
import type { MapView } from './map-view.js';
import type { Marker, Tone } from './marker.js';

export interface DeviceMapProps {
  readonly label: string;
  readonly markers: readonly Marker[];
  /** What the legend explains. */
  readonly tones: readonly Tone[];
  readonly trail: readonly Place[];
  readonly onOpen: (key: string) => void;
}

/** A map that is told what is on it; what it shows can all be had from a list beside it. */
export function DeviceMap({ label, markers, tones, trail, onOpen }: DeviceMapProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<MapView>(undefined);
  const latest = useRef({ markers, trail, onOpen });
  latest.current = { markers, trail, onOpen };
  const [hasFailed, setHasFailed] = useState(false);

  useEffect(() => {
    const element = box.current as HTMLDivElement;
    let isClosed = false;
    const observer = new IntersectionObserver(async (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      try {
        // Most of what the page loads is its map, so that waits until the map comes into sight.
        const { createMap } = await import('./map-view.js');
        if (isClosed) return;
        view.current = createMap(element, {
          onOpen: (key) => latest.current.onOpen(key),
          onIncomplete: () => setHasFailed(true),
        });
        view.current.show(latest.current.markers);
        view.current.showTrail(latest.current.trail);
      } catch {
        setHasFailed(true);
      }
    });
    observer.observe(element);
    return () => {
      isClosed = true;
      observer.disconnect();
      view.current?.close();
    };
  }, []);
  useEffect(() => view.current?.show(markers), [markers]);
  useEffect(() => view.current?.showTrail(trail), [trail]);

  return (
    <>
      <div class={isStale.value ? 'map-frame stale' : 'map-frame'}>
        <section class="map" ref={box} aria-label={label} />
      </div>
      {hasFailed && (
        <p class="map-note" role="status">
          The map could not be loaded completely. Reload the page to try again.
        </p>
      )}
      <Legend tones={tones} />
    </>
  );
}
