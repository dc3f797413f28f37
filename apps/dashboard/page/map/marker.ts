import type { Place } from '../state/places.js';

export interface Marker {
  readonly key: string;
  readonly title: string;
  /** Which colour of the page it has. */
  readonly tone: 'on' | 'off' | 'ai' | 'incident';
  readonly place: Place;
}
