import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { CLOSE_CODES, EVENT_SCHEMAS, KINDS, RelayFrame } from '@dronecast/events';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { Queue } from '../../../test/support/queue.js';
import { buildRelay, type TestRelay } from './build-relay.js';
import { get, Refused } from './transports/driver.js';

const ROOT = new URL('../../../', import.meta.url);
const PROTOCOL = readFileSync(new URL('docs/PROTOCOL.md', ROOT), 'utf8');

const transcripts = [...PROTOCOL.matchAll(/\n([^\n]+):\n\n```transcript\n(.*?)\n```/gs)].map(
  ([, title = '', text = '']) => ({ title, lines: text.split('\n') }),
);

const toPattern = (line: string): RegExp =>
  new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '(?:[^"\\\\]|\\\\.)+')}$`);

/** Does what a transcript's client does, and gives what it gets, line by line. */
function createPlayer(t: Test, { port, url, bus }: TestRelay) {
  let lines = new Queue<string>();
  let socket: WebSocket | undefined;
  let cursor = '';
  let published = 0;

  function got(into: Queue<string>, line: string): void {
    cursor = /.*"(?:cursor|id)":"([^"]+)"/.exec(line)?.[1] ?? cursor;
    into.push(line);
  }

  async function openSocket(path: string, into: Queue<string>): Promise<void> {
    const opened = new WebSocket(url.replace('/ws/events', path));
    opened.on('message', (data) => got(into, data.toString()));
    t.teardown(() => opened.terminate());
    await once(opened, 'open');
    socket = opened;
  }

  async function ask(path: string, into: Queue<string>): Promise<void> {
    const answer = await get({ port }, path).catch((error) => {
      if (!(error instanceof Refused)) throw error;
      got(into, `${error.status} ${JSON.stringify(error.body)}`);
      return undefined;
    });
    if (!answer) return;
    t.teardown(() => answer.destroy());
    const isStream = path.startsWith('/sse');
    createInterface({ input: answer }).on('line', (line) => got(into, isStream ? line : `200 ${line}`));
  }

  return {
    next: () => lines.next(),

    async send(text: string): Promise<void> {
      if (!text.startsWith('GET ')) return socket?.send(text);
      const path = text.slice('GET '.length).replace('since=…', `since=${cursor}`);
      lines = new Queue();
      await (path.startsWith('/ws') ? openSocket(path, lines) : ask(path, lines));
    },

    async happen(name: string): Promise<void> {
      const file = new URL(`packages/events/fixtures/${name}.json`, ROOT);
      const { id, ...event } = JSON.parse(readFileSync(file, 'utf8'));
      const message = { channel: event.channel, body: JSON.stringify(event) };
      published += 1;
      await bus.publish([{ key: `example-${published}`, entries: [{ seq: 1, events: [message] }] }]);
    },
  };
}

t.test('the examples are true', async (t) => {
  t.equal(transcripts.length, PROTOCOL.split('```transcript').length - 1);
  for (const { title, lines } of transcripts) {
    await t.test(title, async (t) => {
      const player = createPlayer(t, await buildRelay(t, { heartbeatMs: 25_000 }));
      for (const line of lines) {
        const text = line.slice(2);
        if (line.startsWith('>')) await player.send(text);
        else if (line.startsWith('*')) await player.happen(text);
        else t.match(await player.next(), toPattern(text), text.slice(0, 80));
      }
    });
  }
});

t.test('the tables name what there is', async (t) => {
  const rows = [...PROTOCOL.matchAll(/^\| (\d{4}) \| (\w+) \|/gm)].map(([, code, action]) => [code, action]);
  t.same(
    rows,
    Object.entries(CLOSE_CODES).map(([code, { action }]) => [code, action]),
  );
  const frames = RelayFrame.anyOf.map(({ properties }) => properties.event.const);
  for (const name of [...Object.keys(EVENT_SCHEMAS), ...frames]) t.match(PROTOCOL, `\n| \`${name}\` |`, name);
  for (const kind of KINDS) t.match(PROTOCOL, `\`${kind}\``);
});
