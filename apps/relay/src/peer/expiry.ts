/** Milliseconds before the end at which a connection is warned. */
const WARNING_MS = 30_000;
const INTERVAL_MS = 250;

export interface ExpiryDependencies<C> {
  readonly warn: (connection: C, expiresInMs: number) => void;
  readonly end: (connection: C) => void;
}

/** Ends connections when their tokens expire, after a warning; one timer serves them all. */
export function createExpiry<C>({ warn, end }: ExpiryDependencies<C>) {
  const deadlines = new Map<C, { readonly at: number; isWarned: boolean }>();

  const timer = setInterval(() => {
    const now = Date.now();
    for (const [connection, deadline] of deadlines) {
      const expiresInMs = deadline.at - now;
      if (expiresInMs <= 0) {
        deadlines.delete(connection);
        end(connection);
      } else if (expiresInMs <= WARNING_MS && !deadline.isWarned) {
        deadline.isWarned = true;
        warn(connection, expiresInMs);
      }
    }
  }, INTERVAL_MS);

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
