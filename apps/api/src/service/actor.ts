import type { Access } from '@dronecast/auth';

/**
 * The caller as the events of its writes name it; undefined where no token is asked for. A `sub` may hold half a surrogate
 * pair, which clients in other languages can't decode, so it is replaced by U+FFFD.
 */
export const actorOf = ({ subject }: Pick<Access, 'subject'>): string | undefined => subject?.toWellFormed();
