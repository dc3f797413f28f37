import { textOf } from '../peer/text-frame.js';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const SPACE = 0x20;
const ID_MEMBER = '{"id":"';

/**
 * A frame's JSON in one line. Inside of JSON's strings there are no line breaks, so each one is a space between two
 * tokens, in what others have published.
 */
export function lineOf(frame: Buffer): Buffer {
  const text = textOf(frame);
  if (!text.includes(NEWLINE) && !text.includes(RETURN)) return text;
  return Buffer.from(text.map((byte) => (byte === NEWLINE || byte === RETURN ? SPACE : byte)));
}

/** An event's cursor, which stands first in it; undefined for what others have published. */
export function idOf(line: Buffer): string | undefined {
  if (line.toString('latin1', 0, ID_MEMBER.length) !== ID_MEMBER) return undefined;
  return line.toString('latin1', ID_MEMBER.length, line.indexOf(QUOTE, ID_MEMBER.length));
}
