import { type AuthSettings, toAuthOptions } from '@dronecast/auth';
import type { Static, TObject } from '@sinclair/typebox';
import type { dashboardSettings } from './settings.js';

/** What `/config.json` tells the page. */
export interface PageConfig {
  /** Of the relay; default: the page's own origin. */
  readonly relayUrl?: string;
  readonly isTokenNeeded: boolean;
  readonly map: {
    /** With `{z}`, `{x}` and `{y}`; default: the outlines of the world alone. */
    readonly tileUrl?: string;
    readonly attribution?: string;
    readonly sitePlan?: {
      readonly imageUrl: string;
      /** South, west, north, east in degrees. */
      readonly bounds: readonly [number, number, number, number];
    };
  };
}

type Settings = Static<TObject<typeof dashboardSettings>> & AuthSettings;

function toSitePlan(text: string): NonNullable<PageConfig['map']['sitePlan']> {
  const [imageUrl = '', ...degrees] = text.split(',');
  const [south = 0, west = 0, north = 0, east = 0] = degrees.map(Number);
  return { imageUrl, bounds: [south, west, north, east] };
}

export const toPageConfig = (settings: Settings): PageConfig => ({
  ...(settings.RELAY_PUBLIC_URL && { relayUrl: settings.RELAY_PUBLIC_URL }),
  isTokenNeeded: toAuthOptions(settings).mode !== 'none',
  map: {
    ...(settings.MAP_TILE_URL && { tileUrl: settings.MAP_TILE_URL }),
    ...(settings.MAP_ATTRIBUTION && { attribution: settings.MAP_ATTRIBUTION }),
    ...(settings.MAP_SITE_PLAN && { sitePlan: toSitePlan(settings.MAP_SITE_PLAN) }),
  },
});
