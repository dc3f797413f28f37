const EMPTY = Buffer.alloc(0);
const FIN_TEXT = 0x81;
const MASKED = 0x80;

/** A client's handshake (RFC 6455 section 4.1). The key is not random: nobody here caches. */
export const upgradeRequest = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: bench',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: YmVuY2htYXJrLWNsaWVudA==',
    '\r\n',
  ].join('\r\n');

/** A short text frame of a client; masked with zeros, which changes nothing. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([FIN_TEXT, MASKED | payload.length, 0, 0, 0, 0]), payload]);
}

/** Where a frame's payload starts and how long it is; undefined while the header is not all there. */
function readHeader(data: Buffer, at: number): { start: number; length: number } | undefined {
  const available = data.length - at;
  if (available < 2) return undefined;
  const short = (data[at + 1] as number) & 0x7f;
  if (short < 126) return { start: at + 2, length: short };
  if (short === 126) return available < 4 ? undefined : { start: at + 4, length: data.readUInt16BE(at + 2) };
  return available < 10 ? undefined : { start: at + 10, length: Number(data.readBigUInt64BE(at + 2)) };
}

/**
 * Finds the frames in a server's bytes. `onFrame` gets each frame once, when at least the first `peek` bytes of its
 * payload are in `data`; the rest is skipped unread, so that a client costs little. Chunks are not kept.
 */
export function createFrameReader(
  peek: number,
  onFrame: (data: Buffer, start: number, length: number) => void,
): (chunk: Buffer) => void {
  let carry = EMPTY;
  let skip = 0;
  return (chunk) => {
    const data = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
    carry = EMPTY;
    let at = Math.min(skip, data.length);
    skip -= at;
    while (at < data.length) {
      const header = readHeader(data, at);
      if (!header || data.length - header.start < Math.min(peek, header.length)) {
        carry = Buffer.from(data.subarray(at));
        return;
      }
      const { start, length } = header;
      onFrame(data, start, length);
      at = Math.min(start + length, data.length);
      skip = start + length - at;
    }
  };
}
