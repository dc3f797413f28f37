import { maskUrl } from '@dronecast/events';
import { Failure } from './failure.js';

/** Of a server, and what the user gave it by. */
export interface Address {
  readonly url: string;
  readonly option: string;
  readonly variable: string;
}

const misuse = ({ url, option, variable }: Address, what: string): RangeError =>
  new RangeError(`${option} (${variable}) ${what}: ${maskUrl(url)}`);

/** Throws a RangeError that names the option when the URL cannot be a server's. */
export function checkAddress(address: Address): Address {
  const { url } = address;
  if (!URL.canParse(url))
    throw misuse(address, 'is not a URL such as http://127.0.0.1:3000, with a port of at most 65535');
  const { protocol, username, password, search, hash } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:')
    throw misuse(address, 'must start with http:// or https://');
  if (username || password)
    throw misuse(address, 'must have no user name or password; DRONECAST_TOKEN takes a token');
  if (search || hash) throw misuse(address, 'must have no query and no fragment');
  return address;
}

/** Why a request got no answer, such as `ECONNREFUSED`: what its deepest cause says. */
function reasonOf(error: Error): string {
  let root: Error & { code?: unknown } = error;
  while (root.cause instanceof Error) root = root.cause;
  return typeof root.code === 'string' ? root.code : root.message;
}

/** The failure of a request that got no answer. A RangeError when `fetch` refuses the port, which it always will. */
export function unreachable(address: Address, error: Error): Error {
  const reason = reasonOf(error);
  if (reason === 'bad port') return misuse(address, 'has a port that fetch refuses (bad port)');
  return new Failure(`cannot reach ${address.url} (${reason})`, { cause: error });
}
