import { urlSecrets } from '@dronecast/events';
import type { Drone } from '../drone/drone.js';
import type { Cipher } from './cipher.js';
import type { DroneStore } from './drone-store.js';

/** A store that keeps stream passwords, and stream URLs with secrets in them, encrypted. */
export function createSealedStore(store: DroneStore, cipher: Cipher): DroneStore {
  function change(drone: Drone, password: Cipher['open'], url: Cipher['open']): Drone {
    const { deviceSerialNumber: owner, streamCredentials } = drone;
    return {
      ...drone,
      streamUrl: url(drone.streamUrl, owner),
      webRTCUrl: url(drone.webRTCUrl, owner),
      streamCredentials: { ...streamCredentials, password: password(streamCredentials.password, owner) },
    };
  }

  const sealUrl = (url: string, owner: string): string =>
    urlSecrets(url).length > 0 ? cipher.seal(url, owner) : url;
  const seal = (drone: Drone): Drone => change(drone, cipher.seal, sealUrl);
  const open = (drone: Drone): Drone => change(drone, cipher.open, cipher.open);

  return {
    ...store,
    /** The hash of the request is sealed too: who has the database could try passwords against it. */
    register(drone, events, signal, registration) {
      const sealed = registration && {
        ...registration,
        hash: cipher.seal(registration.hash, drone.deviceSerialNumber),
      };
      return store.register(seal(drone), events, signal, sealed);
    },

    async find(key) {
      const snapshot = await store.find(key);
      if (!snapshot) return undefined;
      const { registration, ...others } = snapshot;
      const drone = open(snapshot.drone);
      if (!registration) return { ...others, drone };
      const hash = cipher.open(registration.hash, drone.deviceSerialNumber);
      return { ...others, drone, registration: { ...registration, hash } };
    },

    async list(query, signal) {
      const { items, isMore } = await store.list(query, signal);
      return { items: items.map(open), isMore };
    },

    commit: (snapshot, commit) =>
      store.commit(snapshot, { ...commit, ...(commit.drone && { drone: seal(commit.drone) }) }),
  };
}
