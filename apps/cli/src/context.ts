import { type Api, createApi, type TokenSource } from '@dronecast/client';
import type { Command } from 'commander';
import { type Address, checkAddress } from './address.js';
import { tokenFrom } from './token.js';

export interface Context {
  readonly relay: Address;
  readonly apiAddress: Address;
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

/** What every command needs, from its options and the environment. Throws when one of them cannot be right. */
export async function contextOf(command: Command): Promise<Context> {
  const {
    url,
    apiUrl,
    json = false,
    showPasswords: showsPasswords = false,
  } = command.optsWithGlobals<GlobalOptions>();
  const relay = checkAddress({ url, option: '--url', variable: 'DRONECAST_URL' });
  const apiAddress =
    apiUrl === undefined
      ? relay
      : checkAddress({ url: apiUrl, option: '--api-url', variable: 'DRONECAST_API_URL' });
  const token = await tokenFrom(process.env);
  return {
    relay,
    apiAddress,
    token,
    isJson: json,
    showsPasswords,
    api: createApi({ url: apiAddress.url, token }),
  };
}
