import { readFile } from 'node:fs/promises';
import { type Api, createApi, type TokenSource } from '@dronecast/client';
import type { Command } from 'commander';

/** A failure that one line tells. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

export interface Context {
  readonly url: string;
  /** Of the API, where it is not at `url`. */
  readonly apiUrl: string;
  readonly token: TokenSource | undefined;
  readonly isJson: boolean;
  readonly showsPasswords: boolean;
  readonly api: Api;
}

interface GlobalOptions {
  readonly url: string;
  readonly apiUrl?: string;
  readonly json?: true;
  readonly showPasswords?: true;
}

/** What every command needs, from its options and the environment. */
export function contextOf(command: Command, env: NodeJS.ProcessEnv = process.env): Context {
  const {
    url,
    apiUrl = url,
    json = false,
    showPasswords: showsPasswords = false,
  } = command.optsWithGlobals<GlobalOptions>();
  const token = tokenFrom(env);
  return { url, apiUrl, token, isJson: json, showsPasswords, api: createApi({ url: apiUrl, token }) };
}

function tokenFrom({
  DRONECAST_TOKEN: token,
  DRONECAST_TOKEN_FILE: file,
}: NodeJS.ProcessEnv): TokenSource | undefined {
  if (token) return token;
  // Read each time: who renews the token writes the file anew.
  return file ? async () => (await readFile(file, 'utf8')).trim() : undefined;
}
