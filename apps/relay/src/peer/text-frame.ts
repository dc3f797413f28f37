const FIN_TEXT = 0x81;
const MAX_SHORT = 125;
const MAX_MEDIUM = 0xffff;

/** One unfragmented, unmasked text frame (RFC 6455 section 5.2), ready to be written to any number of sockets. */
export function encodeTextFrame(text: Buffer): Buffer {
  const { length } = text;
  const headerLength = length <= MAX_SHORT ? 2 : length <= MAX_MEDIUM ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = FIN_TEXT;
  if (headerLength === 2) frame[1] = length;
  else if (headerLength === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  text.copy(frame, headerLength);
  return frame;
}

/** The text of such a frame, in the same memory. */
export const textOf = (frame: Buffer): Buffer =>
  frame.subarray(frame[1] === 127 ? 10 : frame[1] === 126 ? 4 : 2);
