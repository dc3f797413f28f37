import { FormatRegistry, Type } from '@sinclair/typebox';
import type { Drone } from '../drone/drone.js';

/** A strong validator; revisions compare only within one id, so it names both. */
export const etag = ({ id, revision }: Pick<Drone, 'id' | 'revision'>): string => `"${id}-${revision}"`;

/** Room for a hundred tags of ours. */
const MAX_HEADER_CHARACTERS = 8192;
const FORMAT = 'entity-tags';
const WEAK = 'W/';

/** Spaces and tabs around the elements of a list (RFC 9110 section 5.6.3). */
function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

/** RFC 9110 section 8.8.3; text beyond ASCII is obsolete and allowed. */
const isTagCharacter = (code: number): boolean =>
  code === 0x21 || (code > 0x22 && code < 0x7f) || code > 0x7f;

/** The index behind the entity tag that starts at `from`; undefined when none does. */
function endOfTag(text: string, from: number): number | undefined {
  let at = text.startsWith(WEAK, from) ? from + WEAK.length : from;
  if (text[at] !== '"') return undefined;
  at += 1;
  while (isTagCharacter(text.charCodeAt(at))) at += 1;
  return text[at] === '"' ? at + 1 : undefined;
}

/**
 * Entity tags as they were sent, or `*`; undefined when the header is neither. Elements of the list may be empty
 * (RFC 9110 section 5.6.1), and a tag may contain commas. Reads each character once.
 */
function parseTags(header: string): string[] | '*' | undefined {
  if (header === '*') return '*';
  const tags: string[] = [];
  let at = skipBlanks(header, 0);
  while (at < header.length) {
    if (header[at] !== ',') {
      const end = endOfTag(header, at);
      if (end === undefined) return undefined;
      tags.push(header.slice(at, end));
      at = skipBlanks(header, end);
      if (at < header.length && header[at] !== ',') return undefined;
    }
    at = skipBlanks(header, at + 1);
  }
  return tags;
}

FormatRegistry.Set(FORMAT, (header) => parseTags(header) !== undefined);

const tags = Type.Optional(
  Type.String({
    maxLength: MAX_HEADER_CHARACTERS,
    format: FORMAT,
    description: `* or a list of entity tags in double quotes, at most ${MAX_HEADER_CHARACTERS} characters`,
    examples: ['"6b04793ea707e9d128d4384e-2"'],
  }),
);
/** Headers of a change and of a read. */
export const IfMatch = Type.Object({ 'if-match': tags });
export const IfNoneMatch = Type.Object({ 'if-none-match': tags });

/** RFC 9110 section 13.1.1: strong comparison, so a weak tag never matches. True for every drone without a header. */
export function ifMatch(header = '*'): (drone: Drone) => boolean {
  const tags = parseTags(header) ?? [];
  return (drone) => tags === '*' || tags.includes(etag(drone));
}

/** RFC 9110 section 13.1.2: whether the caller already has the drone at this revision; weak comparison. */
export function isNoneMatch(header: string | undefined, drone: Drone): boolean {
  if (header === undefined) return false;
  const tags = parseTags(header) ?? [];
  const tag = etag(drone);
  return tags === '*' || tags.includes(tag) || tags.includes(`${WEAK}${tag}`);
}
