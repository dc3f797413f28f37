import { type Access, owns } from '@dronecast/auth';
import { ObjectId } from 'mongodb';
import { diff, fieldNames } from '../drone/diff.js';
import type { Drone } from '../drone/drone.js';
import { createdEvents, deletedEvents, updatedEvents } from '../drone/drone-events.js';
import type { DronePatch, DroneRegistration } from '../drone/drone-input.js';
import { applyPatch, createDrone } from '../drone/edit.js';
import type { DroneKey, DroneQuery, DroneStore, StoredOutbox } from '../store/drone-store.js';
import type { Page } from '../store/page.js';
import type { CommitLoop } from './commit-loop.js';
import type { ListGate } from './list-gate.js';
import { isMine, ownedBy } from './ownership.js';
import { droneNotFound, notOwned, preconditionFailed, serialNumberTaken } from './problems.js';
import { orRefuse } from './refusals.js';

/** True for the drone that the caller means to change. */
export type Precondition = (drone: Drone) => boolean;

export interface DroneServiceDependencies {
  readonly store: DroneStore;
  readonly change: CommitLoop;
  readonly listGate: ListGate;
  readonly offer: (outbox: StoredOutbox) => void;
}

/** What a caller changed. */
export interface Changed {
  readonly drone: Drone;
  /** Names of the fields that changed. */
  readonly fields: readonly string[];
}

/**
 * What can be done with a drone. Each change commits with its events; publishing them is not waited for. A drone that is
 * not the caller's is not there. After `signal` aborts, no new query starts.
 */
export function createDroneService({ store, change, listGate, offer }: DroneServiceDependencies) {
  async function register(drone: Drone, signal: AbortSignal): Promise<Drone> {
    const outbox = await store.register(drone, createdEvents(drone), signal);
    if (!outbox) throw serialNumberTaken(drone.deviceSerialNumber);
    offer(outbox);
    return drone;
  }

  return {
    async register(registration: DroneRegistration, access: Access, signal: AbortSignal): Promise<Drone> {
      if (!owns(access, registration.deviceSerialNumber)) throw notOwned();
      const drone = createDrone(registration, new ObjectId().toHexString(), new Date().toISOString());
      return orRefuse(register(drone, signal));
    },

    async get(key: DroneKey, access: Access): Promise<Drone> {
      const snapshot = await orRefuse(store.find(key));
      if (!snapshot || !isMine(snapshot.drone, access)) throw droneNotFound();
      return snapshot.drone;
    },

    list: (query: DroneQuery, access: Access, signal: AbortSignal): Promise<Page<Drone>> =>
      listGate(signal, () => store.list({ ...query, ...ownedBy(access) }, signal)),

    patch: (
      key: DroneKey,
      patch: DronePatch,
      isMeant: Precondition,
      access: Access,
      signal: AbortSignal,
    ): Promise<Changed> =>
      change<Changed>(key, signal, async (snapshot) => {
        const before = snapshot.drone;
        if (!isMine(before, access)) throw droneNotFound();
        if (!isMeant(before)) throw preconditionFailed();
        const after = applyPatch(before, patch, new Date().toISOString());
        const difference = diff(before, after);
        if (!difference) return { result: { drone: before, fields: [] } };
        const events = updatedEvents(before, after, difference);
        const outbox = await store.commit(snapshot, { drone: after, events });
        return outbox && { outbox, result: { drone: after, fields: fieldNames(difference.changes) } };
      }),

    remove: (key: DroneKey, isMeant: Precondition, access: Access, signal: AbortSignal): Promise<Drone> =>
      change(key, signal, async (snapshot) => {
        if (!isMine(snapshot.drone, access)) throw droneNotFound();
        if (!isMeant(snapshot.drone)) throw preconditionFailed();
        const outbox = await store.remove(snapshot, deletedEvents(snapshot.drone, new Date().toISOString()));
        return outbox && { outbox, result: snapshot.drone };
      }),
  };
}

export type DroneService = ReturnType<typeof createDroneService>;
