import { ObjectId } from 'mongodb';
import { diff } from '../drone/diff.js';
import type { Drone } from '../drone/drone.js';
import { createdEvents, deletedEvents, updatedEvents } from '../drone/drone-events.js';
import type { DronePatch, DroneRegistration } from '../drone/drone-input.js';
import { applyPatch, createDrone } from '../drone/edit.js';
import type { DroneKey, DroneQuery, DroneStore, StoredOutbox } from '../store/drone-store.js';
import { type CommitLoop, inStore } from './commit-loop.js';
import { droneNotFound, preconditionFailed, serialNumberTaken } from './problems.js';

/** True for the drone that the caller means to change. */
export type Precondition = (drone: Drone) => boolean;

export interface DroneServiceDependencies {
  readonly store: DroneStore;
  readonly change: CommitLoop;
  readonly offer: (outbox: StoredOutbox) => void;
}

/** What can be done with a drone. Each change commits with its events; publishing them is not waited for. */
export function createDroneService({ store, change, offer }: DroneServiceDependencies) {
  return {
    async register(registration: DroneRegistration): Promise<Drone> {
      const drone = createDrone(registration, new ObjectId().toHexString(), new Date().toISOString());
      const outbox = await inStore(store.register(drone, createdEvents(drone)));
      if (!outbox) throw serialNumberTaken(drone.deviceSerialNumber);
      offer(outbox);
      return drone;
    },

    async get(key: DroneKey): Promise<Drone> {
      const snapshot = await inStore(store.find(key));
      if (!snapshot) throw droneNotFound();
      return snapshot.drone;
    },

    list: (query: DroneQuery): Promise<Drone[]> => inStore(store.list(query)),

    patch: (key: DroneKey, patch: DronePatch, isMeant: Precondition): Promise<Drone> =>
      change(key, async (snapshot) => {
        const before = snapshot.drone;
        if (!isMeant(before)) throw preconditionFailed();
        const after = applyPatch(before, patch, new Date().toISOString());
        const difference = diff(before, after);
        if (!difference) return { result: before };
        const events = updatedEvents(before, after, difference);
        const outbox = await store.commit(snapshot, { drone: after, events });
        return outbox && { outbox, result: after };
      }),

    remove: (key: DroneKey, isMeant: Precondition): Promise<void> =>
      change(key, async (snapshot) => {
        if (!isMeant(snapshot.drone)) throw preconditionFailed();
        const outbox = await store.remove(snapshot, deletedEvents(snapshot.drone, new Date().toISOString()));
        return outbox && { outbox, result: undefined };
      }),
  };
}

export type DroneService = ReturnType<typeof createDroneService>;
