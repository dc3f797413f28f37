import 'leaflet/dist/leaflet.css';
import {
  Canvas,
  canvas,
  circleMarker,
  control,
  map as createLeaflet,
  type GeoJSONOptions,
  geoJSON,
  imageOverlay,
  type Layer,
  latLngBounds,
  layerGroup,
  point,
  polyline,
  tileLayer,
} from 'leaflet';
import Supercluster, { type ClusterProperties } from 'supercluster';
import { coalesced } from '../state/coalesced.js';
import { config } from '../state/config.js';
import type { Place } from '../state/places.js';
import { narrowestRange, nearTo, unwrap } from './longitude.js';
import type { Marker } from './marker.js';
import { readOutlines } from './outlines.js';

/** Markers closer than so many pixels are shown as one. */
const CLUSTER_PX = 44;
const MAX_ZOOM = 17;
const RADIUS_PX = 7;
/** How far a fleet is zoomed in to: on one site, its devices are apart. */
const FIT_ZOOM = 16;
/** Between a fleet and the edge of the map. */
const PADDING_PX = 30;
/** One place alone, on a map that has outlines only: so far that a coast is in sight. */
const FIT_ZOOM_OF_ONE = 9;
/** Markers are put in order again at most so often, in milliseconds: ten thousand of them take their time. */
const EVERY_MS = 500;

export interface MapView {
  show(markers: readonly Marker[]): void;
  /** Newest place first. */
  showTrail(trail: readonly Place[]): void;
  close(): void;
}

/** By name; read once, because each reading makes the browser work out its styles. */
function createPalette(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  const colours = new Map<string, string>();
  return (name) => {
    const colour = colours.get(name) ?? style.getPropertyValue(`--${name}`).trim();
    colours.set(name, colour);
    return colour;
  };
}

const toClusters = (markers: readonly Marker[]) =>
  new Supercluster<{ marker: Marker }>({ radius: CLUSTER_PX, maxZoom: MAX_ZOOM - 1 }).load(
    markers.map((marker) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [marker.place.longitude, marker.place.latitude] },
      properties: { marker },
    })),
  );

export interface MapListeners {
  readonly onOpen: (key: string) => void;
  /** Called when the outlines could not be loaded. */
  readonly onIncomplete: () => void;
}

/** Draws markers, near ones together, on outlines, and on tiles and a plan where the installation has such. */
export function createMap(box: HTMLElement, { onOpen, onIncomplete }: MapListeners): MapView {
  const colour = createPalette();
  const renderer = canvas();
  const map = createLeaflet(box, { renderer, worldCopyJump: true, minZoom: 1, maxZoom: MAX_ZOOM });
  map.setView([30, 10], 2);
  map.attributionControl.setPrefix(false);
  control.scale({ imperial: false }).addTo(map);
  const { tileUrl, attribution, sitePlan } = config.map;
  if (attribution) map.attributionControl.addAttribution(toMarkup(attribution));
  if (tileUrl) tileLayer(tileUrl, { maxZoom: MAX_ZOOM }).addTo(map);
  else {
    map.attributionControl.addAttribution('Natural Earth');
    // On a separate canvas, so that a change of a marker does not redraw it.
    map.createPane('land').style.zIndex = '250';
    const land = canvas({ pane: 'land' });
    const style = { color: colour('outline'), fillColor: colour('land'), fillOpacity: 1, weight: 1 };
    readOutlines().then((countries) => {
      if (isClosed) return;
      for (const country of countries)
        geoJSON(country, { interactive: false, renderer: land, style } as GeoJSONOptions).addTo(map);
      draw();
    }, onIncomplete);
  }
  if (sitePlan) {
    const [south, west, north, east] = sitePlan.bounds;
    imageOverlay(sitePlan.imageUrl, [
      [south, west],
      [north, east],
    ]).addTo(map);
  }
  /** What is drawn, by all that it is drawn from: only what has changed is drawn again. */
  const shapes = new Map<string, Layer>();
  const trails = layerGroup().addTo(map);
  let clusters = toClusters([]);
  let markers: readonly Marker[] = [];
  let trail: readonly Place[] = [];
  /** From then on the view is the user's. */
  let isMoved = false;
  let isClosed = false;

  function draw(): void {
    box.dataset.zoom = String(map.getZoom());
    const bounds = map.getBounds();
    const area: [number, number, number, number] = [
      bounds.getWest(),
      bounds.getSouth(),
      bounds.getEast(),
      bounds.getNorth(),
    ];
    const centre = map.getCenter().lng;
    const present = new Set<string>();
    for (const { geometry, properties } of clusters.getClusters(area, Math.round(map.getZoom()))) {
      const [anyLongitude = 0, latitude = 0] = geometry.coordinates;
      const longitude = nearTo(anyLongitude, centre);
      const [what, draw] =
        'point_count' in properties
          ? [
              [properties.cluster_id, properties.point_count],
              () => drawCluster(properties, latitude, longitude),
            ]
          : [Object.values(properties.marker), () => drawMarker(properties.marker, latitude, longitude)];
      const key = JSON.stringify([latitude, longitude, ...what]);
      present.add(key);
      if (!shapes.has(key)) shapes.set(key, draw().addTo(map));
    }
    for (const [key, shape] of shapes) {
      if (present.has(key)) continue;
      shape.remove();
      shapes.delete(key);
    }
    drawTrail();
  }

  function drawTrail(): void {
    trails.clearLayers();
    const longitudes = unwrap(
      trail.map(({ longitude }) => longitude),
      map.getCenter().lng,
    );
    const way = trail.map(({ latitude }, index): [number, number] => [latitude, longitudes[index] as number]);
    polyline(way, { color: colour('accent'), weight: 3, dashArray: '4 6', interactive: false }).addTo(trails);
  }

  function drawCluster(
    { cluster_id: id, point_count: count }: ClusterProperties,
    latitude: number,
    longitude: number,
  ): Layer {
    const radius = RADIUS_PX + 3 * Math.log2(count);
    const style = {
      radius,
      color: colour('accent'),
      fillColor: colour('accent'),
      fillOpacity: 0.65,
      weight: 2,
    };
    return circleMarker([latitude, longitude], style)
      .bindTooltip(String(count), { permanent: true, direction: 'center', className: 'cluster-count' })
      .on('click', () => map.setView([latitude, longitude], clusters.getClusterExpansionZoom(id)));
  }

  function drawMarker(marker: Marker, latitude: number, longitude: number): Layer {
    const style = {
      radius: RADIUS_PX,
      color: colour('page'),
      fillColor: colour(marker.tone),
      fillOpacity: 1,
      weight: 2,
    };
    return circleMarker([latitude, longitude], style)
      .bindTooltip(() => Object.assign(document.createElement('span'), { textContent: marker.title }))
      .on('click', () => onOpen(marker.key));
  }

  function fit(): void {
    if (isMoved || markers.length === 0) return;
    const latitudes = markers.map(({ place }) => place.latitude).sort((a, b) => a - b);
    const [south = 0, north = 0] = [latitudes[0], latitudes.at(-1)];
    const [west, east] = narrowestRange(markers.map(({ place }) => place.longitude));
    const isOnePlace = south === north && west === east && !tileUrl && !sitePlan;
    const bounds = latLngBounds([south, west], [north, east]);
    const maxZoom = isOnePlace ? FIT_ZOOM_OF_ONE : FIT_ZOOM;
    const zoom = Math.min(maxZoom, map.getBoundsZoom(bounds, false, point(2 * PADDING_PX, 2 * PADDING_PX)));
    // Any other move has the whole world drawn again.
    if (zoom === map.getZoom() && map.getBounds().contains(bounds)) return;
    map.fitBounds(bounds, { maxZoom, padding: [PADDING_PX, PADDING_PX], animate: false });
  }

  const arrange = coalesced(() => {
    if (isClosed) return;
    clusters = toClusters(markers);
    box.dataset.markers = String(markers.length);
    fit();
    draw();
  }, EVERY_MS);

  for (const gesture of ['pointerdown', 'wheel', 'keydown']) {
    box.addEventListener(gesture, () => {
      isMoved = true;
    });
  }
  map.on('moveend', draw);
  const observer = new ResizeObserver(() => map.invalidateSize());
  observer.observe(box);

  return {
    show(next) {
      markers = next;
      arrange();
    },
    showTrail(next) {
      trail = next;
      drawTrail();
    },
    close() {
      isClosed = true;
      observer.disconnect();
      // The canvas last, after the drawing that whoever leaves it has asked for.
      map.eachLayer((layer) => !(layer instanceof Canvas) && layer.remove());
      requestAnimationFrame(() => map.remove());
    },
  };
}

/** Leaflet takes attributions for markup. */
const toMarkup = (text: string): string =>
  Object.assign(document.createElement('i'), { textContent: text }).innerHTML;
