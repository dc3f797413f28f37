import type { Route } from '@dronecast/events';
import { type Filter, kindBit, toIndexKeys } from './filter.js';

/** One who gets frames. */
export interface Member {
  readonly filter: Filter;
  send(frame: Buffer): void;
}

/** Sets by key that vanish when their last member leaves. */
function createIndex<M>(onKeysChanged?: (keys: Iterable<string>) => void) {
  const sets = new Map<string, Set<M>>();
  return {
    get: (key: string) => sets.get(key),
    add(key: string, member: M): void {
      const set = sets.get(key);
      if (set) set.add(member);
      else {
        sets.set(key, new Set([member]));
        onKeysChanged?.(sets.keys());
      }
    },
    delete(key: string, member: M): void {
      const set = sets.get(key);
      if (!set?.delete(member) || set.size > 0) return;
      sets.delete(key);
      onKeysChanged?.(sets.keys());
    },
  };
}

/** Knows who wants what. An event touches only those who get it, however many others there are. */
export function createHub<M extends Member>() {
  const members = new Set<M>();
  const bySerialNumber = createIndex<M>();
  /** Which prefixes of a serial number are worth a look. */
  let prefixLengths: number[] = [];
  const byPrefix = createIndex<M>((prefixes) => {
    prefixLengths = [...new Set(Array.from(prefixes, (prefix) => prefix.length))];
  });

  function index(member: M): void {
    const { serialNumbers, prefixes } = toIndexKeys(member.filter);
    for (const name of serialNumbers) bySerialNumber.add(name, member);
    for (const prefix of prefixes) byPrefix.add(prefix, member);
  }

  function unindex(member: M): void {
    const { serialNumbers, prefixes } = toIndexKeys(member.filter);
    for (const name of serialNumbers) bySerialNumber.delete(name, member);
    for (const prefix of prefixes) byPrefix.delete(prefix, member);
  }

  function sendTo(set: Iterable<M> | undefined, kind: string, frame: Buffer): void {
    if (!set) return;
    const bit = kindBit(kind);
    for (const member of set) if (member.filter.kinds & bit) member.send(frame);
  }

  return {
    members: members as ReadonlySet<M>,

    join(member: M): void {
      members.add(member);
      index(member);
    },

    leave(member: M): void {
      if (members.delete(member)) unindex(member);
    },

    /** `change` gives the member another filter. */
    refilter(member: M, change: () => void): void {
      if (!members.has(member)) return change();
      unindex(member);
      change();
      index(member);
    },

    /** Sends to those who follow the drone; what concerns the fleet or the system goes to everybody. */
    publish(route: Route, frame: Buffer): void {
      if (route.scope !== 'drone') return sendTo(members, route.kind, frame);
      sendTo(bySerialNumber.get(route.serialNumber), route.kind, frame);
      for (const length of prefixLengths) {
        if (length <= route.serialNumber.length) {
          sendTo(byPrefix.get(route.serialNumber.slice(0, length)), route.kind, frame);
        }
      }
    },
  };
}

export type Hub<M extends Member> = ReturnType<typeof createHub<M>>;
