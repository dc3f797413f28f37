import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds before the end at which a connection is warned. */
const WARNING_MS = 30_000;
const INTERVAL_MS = 250;
/** Milliseconds of one turn of the event loop that this may take: many tokens may expire at the same time. */
const BUDGET_MS = 4;

export interface ExpiryDependencies<C> {
  readonly warn: (connection: C, expiresInMs: number) => void;
  readonly end: (connection: C) => void;
}

/** Ends connections when their tokens expire, after a warning; one timer serves them all. */
export function createExpiry<C>({ warn, end }: ExpiryDependencies<C>) {
  const deadlines = new Map<C, { readonly at: number; isWarned: boolean }>();
  let isSweeping = false;

  /** True when there was something to do. */
  function look(connection: C, deadline: { readonly at: number; isWarned: boolean }, now: number): boolean {
    const expiresInMs = deadline.at - now;
    if (expiresInMs <= 0) {
      deadlines.delete(connection);
      end(connection);
      return true;
    }
    if (expiresInMs > WARNING_MS || deadline.isWarned) return false;
    deadline.isWarned = true;
    warn(connection, expiresInMs);
    return true;
  }

  async function sweep(): Promise<void> {
    if (isSweeping) return;
    isSweeping = true;
    const now = Date.now();
    let startedAt = performance.now();
    for (const [connection, deadline] of deadlines) {
      if (!look(connection, deadline, now) || performance.now() - startedAt < BUDGET_MS) continue;
      await nextTurn();
      startedAt = performance.now();
    }
    isSweeping = false;
  }

  const timer = setInterval(() => void sweep(), INTERVAL_MS);

  return {
    /** Sets, moves or, without an end, removes a connection's deadline. */
    set(connection: C, expiresAt: number | undefined): void {
      if (expiresAt === undefined) deadlines.delete(connection);
      else deadlines.set(connection, { at: expiresAt, isWarned: false });
    },
    delete: (connection: C): boolean => deadlines.delete(connection),
    stop: (): void => clearInterval(timer),
  };
}
