/** The longitude of a place as it is near to another one: beyond ±180 where the antimeridian lies between them. */
export const nearTo = (longitude: number, other: number): number =>
  longitude + 360 * Math.round((other - longitude) / 360);

/** Longitudes of a line, each as it is near to the one before it. */
export function unwrap(longitudes: readonly number[], start = longitudes[0] ?? 0): number[] {
  let before = start;
  return longitudes.map((longitude) => {
    before = nearTo(longitude, before);
    return before;
  });
}

/** The narrowest range that has all of them; its end is beyond 180 when it crosses the antimeridian. */
export function narrowestRange(longitudes: readonly number[]): readonly [west: number, east: number] {
  const sorted = longitudes.toSorted((a, b) => a - b);
  let [west, east] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  for (const [index, longitude] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before !== undefined && before + 360 - longitude < east - west)
      [west, east] = [longitude, before + 360];
  }
  return [west, east];
}
