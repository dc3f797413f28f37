import { readFile } from 'node:fs/promises';
import type { TokenSource } from '@dronecast/client';
import { Failure } from './failure.js';

/** What fits into a header. */
const TOKEN = /^[\x21-\x7e]+$/;

function checkToken(token: string, source: string): string {
  if (TOKEN.test(token)) return token;
  throw new Failure(`${source} holds no token: a token is one word of visible ASCII characters`);
}

async function readTokenFile(path: string): Promise<string> {
  const source = `DRONECAST_TOKEN_FILE ${path}`;
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Failure(`${source} cannot be read (${cause.code})`, { cause });
  });
  return checkToken(text.trim(), source);
}

/** The token to send, undefined for none. Throws a Failure that names the variable when it is no token. */
export async function tokenFrom({
  DRONECAST_TOKEN: token,
  DRONECAST_TOKEN_FILE: file,
}: NodeJS.ProcessEnv): Promise<TokenSource | undefined> {
  if (token) return checkToken(token, 'DRONECAST_TOKEN');
  if (!file) return undefined;
  await readTokenFile(file);
  // Read again for each use, because whoever renews the token replaces the file.
  return () => readTokenFile(file);
}
