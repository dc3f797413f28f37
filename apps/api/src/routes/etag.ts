import { Problem } from '@dronecast/runtime';
import type { Drone } from '../drone/drone.js';

/** A strong validator; revisions compare only within one id, so it names both. */
export const etag = ({ id, revision }: Pick<Drone, 'id' | 'revision'>): string => `"${id}-${revision}"`;

/** Entity tags of RFC 9110 section 8.8.3, in a list or `*`. */
const TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

function parseTags(header: string, name: string): string[] | '*' {
  if (header.trim() === '*') return '*';
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.every((tag) => TAG.test(tag))) return tags;
  throw new Problem(
    400,
    'invalid_precondition',
    `${name} must be * or a list of entity tags in double quotes`,
    {
      errors: [
        { pointer: `/${name.toLowerCase()}`, message: 'must be * or a list of entity tags in double quotes' },
      ],
    },
  );
}

/** RFC 9110 section 13.1.1: strong comparison, so a weak tag never matches. True for every drone without a header. */
export function ifMatch(header: string | undefined): (drone: Drone) => boolean {
  const tags = header === undefined ? '*' : parseTags(header, 'If-Match');
  return (drone) => tags === '*' || tags.includes(etag(drone));
}

/** RFC 9110 section 13.1.2: whether the caller already has the drone at this revision; weak comparison. */
export function isNoneMatch(header: string | undefined, drone: Drone): boolean {
  if (header === undefined) return false;
  const tags = parseTags(header, 'If-None-Match');
  return tags === '*' || tags.some((tag) => tag.replace(/^W\//, '') === etag(drone));
}
