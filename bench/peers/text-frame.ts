const FIN_TEXT = 0x81;

/** A text frame of less than 64 KiB (RFC 6455 section 5.2). */
export function textFrame(text: Buffer): Buffer {
  const { length } = text;
  const header = length < 126 ? [FIN_TEXT, length] : [FIN_TEXT, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), text]);
}
