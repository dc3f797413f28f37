import type { Filter } from './filter.js';

/** One who gets frames. */
export interface Member {
  readonly filter: Filter;
  /** `frames` is one frame or several, one after the other. */
  send(frames: Buffer): void;
}

/** What went out: numbers that grow where frames pass, so that counting costs nothing there. */
export interface Traffic {
  /** Frames to members, one for each member. */
  deliveries: number;
  /** Writes that carried them. */
  writes: number;
  bytes: number;
}

/** Bytes that are joined at most: a burst must not look like a slow reader to a peer that takes all of it. */
const MAX_JOINED = 32 * 1024;

/** Members with the same filter: what they get is joined once for all of them, and written once to each. */
export function createGroup<M extends Member>(filter: Filter, key: string, traffic: Traffic) {
  const members = new Set<M>();
  let waiting: Buffer[] = [];
  let bytes = 0;

  function flush(): void {
    const [first] = waiting;
    if (!first) return;
    const frames = waiting.length === 1 ? first : Buffer.concat(waiting, bytes);
    traffic.deliveries += waiting.length * members.size;
    traffic.writes += members.size;
    traffic.bytes += bytes * members.size;
    waiting = [];
    bytes = 0;
    for (const member of members) member.send(frames);
  }

  return {
    filter,
    /** The filter's key, kept because sorting a large filter again for each change is slow. */
    key,
    members: members as ReadonlySet<M>,

    /** What waits for the group came before the new member. */
    add(member: M): void {
      flush();
      members.add(member);
    },

    delete: (member: M): boolean => members.delete(member),

    /** True when it waits and nothing else did. */
    push(frame: Buffer): boolean {
      const isFirst = waiting.push(frame) === 1;
      bytes += frame.length;
      if (bytes >= MAX_JOINED) flush();
      return isFirst && bytes > 0;
    },

    /** Sends what waits. */
    flush,
  };
}

export type Group<M extends Member> = ReturnType<typeof createGroup<M>>;
