import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { nearTo, unwrap } from './longitude.js';

type Ring = [longitude: number, latitude: number][];
export type Polygon = Ring[];

/** How far the drawn world reaches: on a map around the antimeridian both of its sides are in sight. */
const REACH = 270;
const POLE = -90;

/** A ring without jumps from one edge of the world to the other. One around a pole is closed along it. */
function unwrapRing(ring: Ring): Ring {
  const longitudes = unwrap(ring.map(([longitude]) => longitude));
  const points = ring.map(([, latitude], index): Ring[number] => [longitudes[index] as number, latitude]);
  const [first = 0, last = 0] = [longitudes[0], longitudes.at(-1)];
  return Math.abs(first - last) < 180 ? points : [...points, [last, POLE], [first, POLE]];
}

const middleOf = (ring: Ring): number => {
  const longitudes = ring.map(([longitude]) => longitude);
  return (Math.min(...longitudes) + Math.max(...longitudes)) / 2;
};

const shift = (ring: Ring, by: number): Ring =>
  by === 0 ? ring : ring.map(([longitude, latitude]): Ring[number] => [longitude + by, latitude]);

/**
 * Polygons of the sphere as polygons of a flat map. What crosses the antimeridian goes on beyond it, where the source jumps
 * to the other edge, which would be drawn as a bar across the world. What is near an edge is drawn beyond the other one too.
 */
export function flatten(polygons: readonly Polygon[]): Polygon[] {
  return polygons.flatMap((polygon) => {
    const rings = polygon.map(unwrapRing);
    const middle = nearTo(middleOf(rings[0] ?? []), 0);
    const base = rings.map((ring) => shift(ring, nearTo(middleOf(ring), middle) - middleOf(ring)));
    const longitudes = (base[0] ?? []).map(([longitude]) => longitude);
    const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
    return [-360, 0, 360]
      .filter((by) => east + by > -REACH && west + by < REACH)
      .map((by) => base.map((ring) => shift(ring, by)));
  });
}

type World = Topology<{ countries: GeometryCollection }>;

/** Loaded apart, because they are larger than the rest of the page. */
export async function readOutlines() {
  const topology = (await import('world-atlas/countries-50m.json')).default as unknown as World;
  const { features } = feature(topology, topology.objects.countries);
  return features.map(({ geometry }) => {
    const polygons =
      geometry.type === 'Polygon'
        ? [geometry.coordinates]
        : geometry.type === 'MultiPolygon'
          ? geometry.coordinates
          : [];
    return { type: 'MultiPolygon' as const, coordinates: flatten(polygons as unknown as Polygon[]) };
  });
}
