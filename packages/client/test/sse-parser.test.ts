import t from 'tap';
import { createSseParser, type Message } from '../src/transports/sse-parser.js';

const STREAM =
  ': hello\r\nretry: 250\r\n\r\nid: 1\ndata: one\n\ndata:two\rdata: lines\r\r: beat\nid: 3\n\nid: no\0t\n\ndata\n\nevent: x\n\ndata: cut';

t.test('an event stream reads the same however it is cut', async (t) => {
  for (let size = 1; size <= STREAM.length; size += 1) {
    const messages: Message[] = [];
    const retries: number[] = [];
    const parse = createSseParser({ message: (m) => messages.push(m), retry: (ms) => retries.push(ms) });
    for (let at = 0; at < STREAM.length; at += size) parse(STREAM.slice(at, at + size));
    t.same(
      messages,
      [
        { id: '1', data: 'one' },
        { id: '1', data: 'two\nlines' },
        { id: '3', data: undefined },
        { id: '3', data: '' },
      ],
      `${size} at a time`,
    );
    t.same(retries, [250]);
  }
});

t.test('a line that comes in very many pieces is read once', async (t) => {
  const messages: Message[] = [];
  const parse = createSseParser({ message: (m) => messages.push(m), retry() {} });
  const text = 'x'.repeat(1_500_000);
  for (const character of `data: ${text}\n\n`) parse(character);
  t.equal(messages[0]?.data === text, true);
});
