const FIN_TEXT = 0x81;
const MAX_SHORT = 125;
const MAX_MEDIUM = 0xffff;

/** One unfragmented, unmasked text frame (RFC 6455 section 5.2), ready to be written to any number of sockets. */
export function encodeTextFrame(text: Buffer): Buffer {
  const { length } = text;
  if (length <= MAX_SHORT) return Buffer.concat([Buffer.from([FIN_TEXT, length]), text]);
  if (length <= MAX_MEDIUM)
    return Buffer.concat([Buffer.from([FIN_TEXT, 126, length >> 8, length & 0xff]), text]);
  const header = Buffer.alloc(10);
  header[0] = FIN_TEXT;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, text]);
}

/** A ping without a payload, which needs no mask from a server (RFC 6455 section 5.5.2). */
export const PING_FRAME = Buffer.from([0x89, 0]);
