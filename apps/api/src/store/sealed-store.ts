import type { Drone } from '../drone/drone.js';
import { hasUserInfo } from '../drone/redact.js';
import type { Cipher } from './cipher.js';
import type { DroneStore } from './drone-store.js';

/** A store that keeps stream passwords, and stream URLs with user info in them, encrypted. */
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

  const sealUrl = (url: string, owner: string): string => (hasUserInfo(url) ? cipher.seal(url, owner) : url);
  const seal = (drone: Drone): Drone => change(drone, cipher.seal, sealUrl);
  const open = (drone: Drone): Drone => change(drone, cipher.open, cipher.open);

  return {
    ...store,
    register: (drone, events, signal) => store.register(seal(drone), events, signal),

    async find(key) {
      const snapshot = await store.find(key);
      return snapshot && { ...snapshot, drone: open(snapshot.drone) };
    },

    async list(query, signal) {
      const { items, isMore } = await store.list(query, signal);
      return { items: items.map(open), isMore };
    },

    commit: (snapshot, commit) =>
      store.commit(snapshot, { ...commit, ...(commit.drone && { drone: seal(commit.drone) }) }),
  };
}
