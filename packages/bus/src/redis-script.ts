import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-link.js';

// Every script names the keys it touches, and all keys share one hash tag, so that scripts also run on a cluster.
//
// Redis compares its memory with maxmemory until a script has written, and not after that. So the first write of a
// script must be one that a full Redis refuses (SET, XADD; not UNLINK, XTRIM), or one call could use any memory.

export interface Script {
  readonly text: string;
  readonly sha: string;
}

export function defineScript(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Runs a script by its digest; sends the text only to a server that does not know it yet. */
export async function runScript(
  client: RedisClient,
  script: Script,
  keys: string[],
  args: string[],
): Promise<unknown> {
  const options = { keys, arguments: args };
  try {
    return await client.evalSha(script.sha, options);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return await client.eval(script.text, options);
  }
}
