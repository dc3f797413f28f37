import { type IncomingMessage, request } from 'node:http';
import type { Test } from 'tap';
import type { Queue } from '../../../../test/support/queue.js';
import type { Frame } from '../../../../test/support/socket-client.js';

/** How a scenario connects. */
export interface Entry {
  readonly port: number;
  /** Without `since` and the token. */
  readonly query?: Readonly<Record<string, string>>;
  readonly since?: string | undefined;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client that follows the relay by one transport, until its connection ends. */
export interface Follower {
  /** All that came but `relay.connected` and heartbeats. */
  readonly frames: Queue<Frame>;
  /** The latest cursor. */
  cursor(): string;
  /** Resolves with why it is over: a close code, an HTTP status, or 'end' of a stream. */
  readonly ended: Promise<number | 'end'>;
  /** Stops reading, as a client does that is too slow. */
  pause(): void;
  resume(): void;
  leave(): void;
}

/** One transport, as the scenarios use it. */
export interface Driver {
  readonly name: 'ws' | 'sse' | 'poll';
  /** Resolves when the relay has greeted; rejects with {@link Refused}. */
  follow(t: Test, entry: Entry): Promise<Follower>;
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly headers: IncomingMessage['headers'],
    // biome-ignore lint/suspicious/noExplicitAny: problem details, which the tests assert.
    readonly body: any,
  ) {
    super(`${status} ${body.detail}`);
  }
}

export const pathOf = (path: string, { query = {}, since }: Entry): string =>
  `${path}?${new URLSearchParams({ ...query, ...(since !== undefined && { since }) })}`;

export const headersOf = ({ token, headers = {} }: Entry): Record<string, string> => ({
  ...headers,
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
});

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += part;
  return text;
}

/** An answer with its body unread; rejects with {@link Refused} unless it is a 200. */
export async function get(entry: Entry, path: string): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port: entry.port,
      path,
      headers: headersOf(entry),
      agent: false,
    });
    asked.on('response', resolve).on('error', reject).end();
  });
  if (answer.statusCode === 200) return answer;
  throw new Refused(answer.statusCode ?? 0, answer.headers, JSON.parse(await textOf(answer)));
}

export async function getJson(entry: Entry, path: string) {
  const answer = await get(entry, path);
  return { headers: answer.headers, body: JSON.parse(await textOf(answer)) };
}

/** Says why one may not follow. */
export async function refusal({ follow }: Driver, t: Test, entry: Entry): Promise<Refused> {
  try {
    await follow(t, entry);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
