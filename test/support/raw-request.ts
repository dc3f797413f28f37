import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each answer has its own shape, and the tests assert it.
  json(): any;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly version?: string;
  /** As they go out: names may repeat, and none is added but `Connection`, unless it is there. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

const HEAD_END = '\r\n\r\n';

/** Sends a request as nobody else would let one, and resolves with the answer; of one that has no end, with its head. */
export async function rawRequest(
  port: number,
  { method = 'GET', path = '/', version = '1.1', headers = [], body = '' }: RawRequest,
): Promise<RawAnswer> {
  const closing = headers.some(([name]) => /^connection$/i.test(name)) ? [] : [['Connection', 'close']];
  const lines = [...headers, ...closing].map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(port, '127.0.0.1');
  socket.write(`${method} ${path} HTTP/${version}\r\n${lines.join('')}\r\n${body}`, 'latin1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (/^HTTP\/1\.1 (?:101|200 OK\r\n(?:.*\r\n)*content-type: text\/event-stream)/i.test(text))
      socket.destroy();
  });
  await once(socket, 'close');
  const end = text.indexOf(HEAD_END);
  const [status = '', ...fields] = text.slice(0, end).split('\r\n');
  const answer = text.slice(end + HEAD_END.length);
  return {
    status: Number(status.split(' ')[1]),
    headers: Object.fromEntries(
      fields.map((field) => {
        const colon = field.indexOf(':');
        return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
      }),
    ),
    text: answer,
    json: () => JSON.parse(answer),
  };
}

/** What a WebSocket client asks for. */
export const UPGRADE: readonly (readonly [string, string])[] = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', Buffer.alloc(16).toString('base64')],
];
