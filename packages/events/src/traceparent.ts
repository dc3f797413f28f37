/** As W3C Trace Context writes it: version, trace, span, flags. */
export const TRACEPARENT_PATTERN = '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$';

const MEMBER = ',"traceparent":"';
const LENGTH = 55;
const SUFFIX_LENGTH = MEMBER.length + LENGTH + '"}'.length;

/** The event's text with the trace as its last member, where it is found without parsing. */
export const withTraceparent = (body: string, traceparent: string): string =>
  `${body.slice(0, -1)}${MEMBER}${traceparent}"}`;

/** The trace that an event belongs to, of its text; undefined when it has none. */
export function traceparentOf(text: string | Buffer): string | undefined {
  const end = text.slice(-SUFFIX_LENGTH).toString();
  return end.startsWith(MEMBER) && end.endsWith('"}') ? end.slice(MEMBER.length, -2) : undefined;
}
