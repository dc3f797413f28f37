import { Type } from '@sinclair/typebox';

/** What the page is told of the installation. */
export const dashboardSettings = {
  RELAY_PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s;,]+$',
      description: 'a http:// or https:// URL at which browsers reach the relay',
    }),
  ),
  MAP_TILE_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s;,]+$',
      description: 'a URL with {z}, {x} and {y} of map tiles',
    }),
  ),
  MAP_ATTRIBUTION: Type.Optional(Type.String({ description: 'whom the map is owed to' })),
  MAP_SITE_PLAN: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s;,]+(,-?\\d+(\\.\\d+)?){4}$',
      description: 'image URL,south,west,north,east in degrees',
    }),
  ),
};
