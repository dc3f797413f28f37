const EMPTY = Buffer.alloc(0);
const END = '\n\n';
const DATA = 'data: ';

export const streamRequest = (path: string): string =>
  [`GET ${path} HTTP/1.1`, 'Host: bench', 'Accept: text/event-stream', '\r\n'].join('\r\n');

/** Finds the messages of an event stream. `onData` gets the data of each; chunks are not kept. */
export function createMessageReader(
  onData: (data: Buffer, start: number, length: number) => void,
): (chunk: Buffer) => void {
  let carry = EMPTY;
  return (chunk) => {
    const bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
    let at = 0;
    for (let end = bytes.indexOf(END); end >= 0; end = bytes.indexOf(END, at)) {
      const data = bytes.indexOf(DATA, at, 'latin1');
      if (data >= 0 && data < end) onData(bytes, data + DATA.length, end - data - DATA.length);
      at = end + END.length;
    }
    carry = at < bytes.length ? Buffer.from(bytes.subarray(at)) : EMPTY;
  };
}
