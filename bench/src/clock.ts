const NS_PER_US = 1000n;

/** Microseconds on the clock that all processes of one machine share. */
export const nowUs = (): number => Number(process.hrtime.bigint() / NS_PER_US);

const MARK = 'sent@';
const SEMICOLON = 0x3b;
const DIGIT_0 = 0x30;

/** A text for an event's body that tells when it was sent; it also tells events apart. */
export const stampText = (us: number): string => `${MARK}${us};`;

/** The first stamp between two places of a buffer; undefined when there is none, or not all of it. */
export function readStamp(buffer: Buffer, start = 0, end = buffer.length): number | undefined {
  const mark = buffer.indexOf(MARK, start, 'latin1');
  if (mark < 0) return undefined;
  let us = 0;
  for (let at = mark + MARK.length; at < end; at += 1) {
    const byte = buffer[at] as number;
    if (byte === SEMICOLON) return us;
    us = us * 10 + byte - DIGIT_0;
  }
  return undefined;
}
