import type { Route } from '@dronecast/events';
import { type Filter, filterKey, kindBit, toIndexKeys } from './filter.js';
import { createGroup, type Group, type Member, type Traffic } from './group.js';
import { createNameIndex } from './name-index.js';
import { createWindow } from './window.js';

export interface HubOptions {
  /** Milliseconds that an event waits for others at most, so that they go out together. */
  readonly windowMs: number;
  /** Grows with what goes out. */
  readonly traffic: Traffic;
  /** Told after each write how many milliseconds the first of what it carried had waited for it. */
  readonly written: (waitedMs: number) => void;
}

/**
 * Knows who wants what. An event touches only those who get it, however many others there are; events in short order go
 * to each of them in one write.
 */
export function createHub<M extends Member>({ windowMs, traffic, written }: HubOptions) {
  const groups = new Map<string, Group<M>>();
  const groupOf = new Map<M, Group<M>>();
  const index = createNameIndex<Group<M>>();
  /** Groups for which something waits. */
  let waiting: Group<M>[] = [];

  function flush(): void {
    const flushed = waiting;
    waiting = [];
    for (const group of flushed) group.flush();
  }

  const window = createWindow(windowMs, flush, written);

  function openGroup(filter: Filter, key: string): Group<M> {
    const known = groups.get(key);
    if (known) return known;
    const group = createGroup<M>(filter, key, traffic);
    groups.set(key, group);
    index.add(toIndexKeys(filter), group);
    return group;
  }

  function closeGroup(group: Group<M>): void {
    groups.delete(group.key);
    index.delete(toIndexKeys(group.filter), group);
  }

  function join(member: M, key = filterKey(member.filter)): void {
    const group = openGroup(member.filter, key);
    group.add(member);
    groupOf.set(member, group);
  }

  function leave(member: M): void {
    const group = groupOf.get(member);
    if (!group) return;
    groupOf.delete(member);
    group.delete(member);
    if (group.members.size === 0) closeGroup(group);
  }

  function push(group: Group<M>, frame: Buffer): void {
    if (!group.push(frame)) return;
    waiting.push(group);
    window.open();
  }

  function pushTo(targets: Iterable<Group<M>>, kind: string, frame: Buffer): void {
    const bit = kindBit(kind);
    for (const group of targets) if (group.filter.kinds & bit) push(group, frame);
  }

  return {
    /** The member gets what is published from now on. */
    join: (member: M): void => join(member),
    leave,

    isEmpty: (): boolean => groups.size === 0,

    /** `change` gives the member another filter. */
    refilter(member: M, change: () => void): void {
      const group = groupOf.get(member);
      group?.flush();
      change();
      if (!group) return;
      const key = filterKey(member.filter);
      if (key === group.key) return;
      leave(member);
      join(member, key);
    },

    /** Afterwards the member has all that was published for it. False when it is none. */
    settle(member: M): boolean {
      const group = groupOf.get(member);
      group?.flush();
      return group !== undefined;
    },

    /** To those who follow the drone; what concerns the fleet or the system goes to all who may see it. */
    publish(route: Route, frame: Buffer): void {
      if (route.scope === 'system') return pushTo(groups.values(), route.kind, frame);
      if (route.scope === 'fleet') {
        const targets = [...groups.values()].filter(({ filter }) => filter.wholeFleet);
        return pushTo(targets, route.kind, frame);
      }
      for (const targets of index.find(route.serialNumber)) pushTo(targets, route.kind, frame);
    },

    /** To every member, whatever its filter. */
    announce(frame: Buffer): void {
      for (const group of groups.values()) push(group, frame);
    },
  };
}

export type Hub<M extends Member> = ReturnType<typeof createHub<M>>;
