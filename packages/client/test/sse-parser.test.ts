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

t.test('only CR, LF and CRLF end a line, and a long one costs what it is long', async (t) => {
  const texts = ['a\u2028b', 'a\u2029b', 'a\u0085b', 'a\u000bb\u000cc\u001cd\u001ee', 'a\0b', '\ufeffa'];
  const messages: Message[] = [];
  const parse = createSseParser({ message: (m) => messages.push(m), retry() {} });
  for (const text of texts) parse(`data: ${text}\r\n\r\n`);
  t.same(
    messages.map(({ data }) => data),
    texts,
  );

  const long = 'x'.repeat(1 << 20);
  let read = 0;
  const counting = createSseParser({
    message: ({ data }) => {
      read = data?.length ?? 0;
    },
    retry() {},
  });
  counting('data: ');
  for (let at = 0; at < long.length; at += 16) counting(long.slice(at, at + 16));
  counting('\n\n');
  t.equal(read, long.length);
});

t.test('a line or a message without an end is refused, not kept', async (t) => {
  const endless = createSseParser({ message() {}, retry() {} });
  const part = 'x'.repeat(1 << 20);
  t.throws(() => {
    for (let count = 0; count < 64; count += 1) endless(part);
  }, /longer than/);
  const lines = createSseParser({ message() {}, retry() {} });
  t.throws(() => {
    for (let count = 0; count < 64; count += 1) lines(`data: ${part}\n`);
  }, /longer than/);
});
