import { type Cursor, type DronecastEvent, parseCursor } from '@dronecast/events';
import { type Fact, toFact } from './fact.js';

/** A fact at one place in the history: what a frame is. */
export interface Sighting {
  readonly fact: Fact;
  readonly place: Cursor;
}

/** Keeps one object for each frame, however many clients get it. */
export function createSightings() {
  const byId = new Map<string, Sighting>();
  const facts = new Map<string, Fact>();

  return {
    note(event: DronecastEvent): Sighting {
      const known = byId.get(event.id);
      const fact = toFact(event);
      if (known) {
        if (known.fact.key !== fact.key)
          throw new Error(`${event.id} is both ${known.fact.key} and ${fact.key}`);
        return known;
      }
      const place = parseCursor(event.id);
      if (!place) throw new Error(`'${event.id}' is no cursor`);
      const sighting = { fact: facts.get(fact.key) ?? fact, place };
      facts.set(fact.key, sighting.fact);
      byId.set(event.id, sighting);
      return sighting;
    },
    all: (): Iterable<Sighting> => byId.values(),
  };
}

export type Sightings = ReturnType<typeof createSightings>;
