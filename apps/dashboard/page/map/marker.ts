import type { Place } from '../state/places.js';

/** Which colour of the page a marker has. */
export type Tone = 'on' | 'off' | 'ai' | 'incident';

export interface Marker {
  readonly key: string;
  readonly title: string;
  readonly tone: Tone;
  readonly place: Place;
}
