import type { RedisConnection } from './redis-link.js';

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && error.message.startsWith('OOM ');
/** What Redis answers to a user whose ACL does not allow a command or a key. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOPERM ');

export interface MemoryDependencies {
  /** What INFO says of memory. */
  readonly readInfo: () => Promise<string>;
  readonly log: RedisConnection['log'];
}

/** Deals with a Redis that has reached its `maxmemory` and refuses to write. */
export function createRedisMemory({ readInfo, log }: MemoryDependencies) {
  let isFull = false;
  let isInfoForbidden = false;

  /** Undefined when this user may not ask. */
  async function readMaxmemory(): Promise<number | undefined> {
    try {
      const [, bytes] = /^maxmemory:(\d+)/m.exec(await readInfo()) ?? [];
      return bytes === undefined ? undefined : Number(bytes);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      if (!isInfoForbidden)
        log.warn(
          { err: error },
          'the maxmemory of redis is unknown, so that the history cannot make room when redis is full: add +info to its ACL user',
        );
      isInfoForbidden = true;
      return undefined;
    }
  }

  async function refused(cause: unknown): Promise<Error> {
    const maxmemory = await readMaxmemory();
    const error = new Error(
      `Redis is out of memory (maxmemory ${maxmemory ?? 'unknown'}): events wait in the database until it has room`,
      { cause },
    );
    if (!isFull)
      log.warn({ err: error }, 'redis is out of memory: raise maxmemory, or remove what others keep in it');
    isFull = true;
    return error;
  }

  /** An answer of nothing means that nothing was written, which a full Redis can do. */
  function note<T>(answer: T): T {
    if (!answer) return answer;
    if (isFull) log.info('redis has room again');
    isFull = false;
    return answer;
  }

  return {
    isFull: () => isFull,
    readMaxmemory,

    /** Runs a command that may need memory; when Redis has none, once more after `makeRoom`. */
    async run<T>(command: () => Promise<T>, makeRoom?: () => Promise<void>): Promise<T> {
      try {
        return note(await command());
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        if (!makeRoom) throw await refused(error);
      }
      await makeRoom();
      try {
        return note(await command());
      } catch (error) {
        throw isOutOfMemory(error) ? await refused(error) : error;
      }
    },
  };
}
