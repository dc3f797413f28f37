import { Type } from '@sinclair/typebox';
import type { Drone } from '../drone/drone.js';

/** A strong validator; revisions compare only within one id, so it names both. */
export const etag = ({ id, revision }: Pick<Drone, 'id' | 'revision'>): string => `"${id}-${revision}"`;

const TAG = '(?:W/)?"[!#-~]*"';
/** Entity tags of RFC 9110 section 8.8.3, in a list (5.6.1: elements of it may be empty) or `*`. */
const tags = Type.Optional(
  Type.String({
    pattern: `^(?:\\*|(?:${TAG})?(?:[ \\t]*,[ \\t]*(?:${TAG})?)*)$`,
    description: '* or a list of entity tags in double quotes',
    examples: ['"6b04793ea707e9d128d4384e-2"'],
  }),
);
/** Headers of a change and of a read. */
export const IfMatch = Type.Object({ 'if-match': tags });
export const IfNoneMatch = Type.Object({ 'if-none-match': tags });

const parseTags = (header: string): string[] | '*' =>
  header === '*' ? '*' : header.split(',').map((tag) => tag.trim());

/** RFC 9110 section 13.1.1: strong comparison, so a weak tag never matches. True for every drone without a header. */
export function ifMatch(header: string | undefined): (drone: Drone) => boolean {
  const tags = header === undefined ? '*' : parseTags(header);
  return (drone) => tags === '*' || tags.includes(etag(drone));
}

/** RFC 9110 section 13.1.2: whether the caller already has the drone at this revision; weak comparison. */
export function isNoneMatch(header: string | undefined, drone: Drone): boolean {
  if (header === undefined) return false;
  const tags = parseTags(header);
  return tags === '*' || tags.some((tag) => tag.replace(/^W\//, '') === etag(drone));
}
