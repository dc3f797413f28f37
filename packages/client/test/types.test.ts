import type * as events from '@dronecast/events';
import t from 'tap';
import type { Drone, DronecastEvent, EventName, Incident, Kind, RelayFrame } from '../src/frames.js';

/** `true` when each of the two can stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

const same: [
  Same<DronecastEvent, events.DronecastEvent>,
  Same<EventName, events.EventName>,
  Same<RelayFrame, events.RelayFrame>,
  Same<Kind, events.Kind>,
  Same<Drone, events.PublicDrone>,
  Same<Incident, events.Incident>,
] = [true, true, true, true, true, true];

t.ok(same.every(Boolean), 'the types are those of packages/events, as tsc has found');
