import { type Access, owns } from '@dronecast/auth';
import { ObjectId } from 'mongodb';
import { diff, fieldNames } from '../drone/diff.js';
import type { Drone } from '../drone/drone.js';
import { createdEvents, deletedEvents, updatedEvents } from '../drone/drone-events.js';
import type { DronePatch, DroneRegistration } from '../drone/drone-input.js';
import { applyPatch, createDrone } from '../drone/edit.js';
import type {
  DroneKey,
  DroneQuery,
  DroneStore,
  RegistrationRequest,
  StoredOutbox,
} from '../store/drone-store.js';
import type { Page } from '../store/page.js';
import { actorOf } from './actor.js';
import type { CommitLoop } from './commit-loop.js';
import { hashOf, REMEMBERED_MS } from './idempotency.js';
import type { ListGate } from './list-gate.js';
import { isMine, ownedBy, requireChangeable } from './ownership.js';
import {
  droneNotFound,
  idempotencyKeyReused,
  notOwned,
  preconditionFailed,
  serialNumberTaken,
} from './problems.js';
import { orRefuse } from './refusals.js';

/** True for the drone that the caller means to change. */
export type Precondition = (drone: Drone) => boolean;

export interface DroneServiceDependencies {
  readonly store: DroneStore;
  readonly change: CommitLoop;
  readonly listGate: ListGate;
  readonly offer: (outbox: StoredOutbox) => void;
}

export interface Registered {
  readonly drone: Drone;
  /** False for a retry. */
  readonly isNew: boolean;
}

/** Another caller's key counts as another key, so that nobody learns of it. */
const hasSameKey = (kept: RegistrationRequest, { key, subject, at }: RegistrationRequest): boolean =>
  kept.key === key && kept.subject === subject && at.getTime() - kept.at.getTime() < REMEMBERED_MS;

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
  async function register(
    drone: Drone,
    request: RegistrationRequest | undefined,
    access: Access,
    signal: AbortSignal,
  ): Promise<Registered> {
    const outbox = await store.register(drone, createdEvents(drone, actorOf(access)), signal, request);
    if (outbox) {
      offer(outbox);
      return { drone, isNew: true };
    }
    const serialNumber = drone.deviceSerialNumber;
    if (!request) throw serialNumberTaken(serialNumber);
    // The first attempt may have committed just now, so its drone is looked for only after the store has met it.
    const holder = await store.find({ serialNumber });
    signal.throwIfAborted();
    if (!holder) return register(drone, request, access, signal);
    const kept = holder.registration;
    if (!kept || !hasSameKey(kept, request)) throw serialNumberTaken(serialNumber);
    if (kept.hash !== request.hash) throw idempotencyKeyReused();
    return { drone: holder.drone, isNew: false };
  }

  return {
    /** With a key, the same request of the same caller again resolves with the drone as it is now. */
    async register(
      registration: DroneRegistration,
      key: string | undefined,
      access: Access,
      signal: AbortSignal,
    ): Promise<Registered> {
      if (!owns(access, registration.deviceSerialNumber)) throw notOwned();
      const at = new Date();
      const drone = createDrone(registration, new ObjectId().toHexString(), at.toISOString());
      const { subject } = access;
      const request = key === undefined ? undefined : { key, hash: hashOf(registration), at };
      const owned = request && subject !== undefined ? { ...request, subject } : request;
      return orRefuse(register(drone, owned, access, signal));
    },

    async get(key: DroneKey, access: Access): Promise<Drone> {
      const snapshot = await orRefuse(store.find(key));
      if (!snapshot || !isMine(snapshot.drone, access)) throw droneNotFound(key);
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
        requireChangeable(before, key, access);
        if (!isMeant(before)) throw preconditionFailed();
        const after = applyPatch(before, patch, new Date().toISOString());
        const difference = diff(before, after);
        if (!difference) return { result: { drone: before, fields: [] } };
        const events = updatedEvents(before, after, difference, actorOf(access));
        const outbox = await store.commit(snapshot, { drone: after, events });
        return outbox && { outbox, result: { drone: after, fields: fieldNames(difference.changes) } };
      }),

    remove: (key: DroneKey, isMeant: Precondition, access: Access, signal: AbortSignal): Promise<Drone> =>
      change(key, signal, async (snapshot) => {
        requireChangeable(snapshot.drone, key, access);
        if (!isMeant(snapshot.drone)) throw preconditionFailed();
        const at = new Date().toISOString();
        const outbox = await store.remove(snapshot, deletedEvents(snapshot.drone, at, actorOf(access)));
        return outbox && { outbox, result: snapshot.drone };
      }),
  };
}

export type DroneService = ReturnType<typeof createDroneService>;
