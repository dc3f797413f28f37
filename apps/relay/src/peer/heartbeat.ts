/** What a heartbeat needs of a connection. */
export interface Pingable {
  /** Asks for a sign of life; false when there was none for too long. */
  ping(): boolean;
  send(frame: Buffer): void;
  terminate(): void;
}

/**
 * One timer for all connections: it finds those that are dead, and sends the others `frame`, so that proxies keep them
 * open and their cursors stay fresh.
 */
export function startHeartbeat(
  intervalMs: number,
  connections: ReadonlySet<Pingable>,
  frame: () => Buffer,
): { stop(): void } {
  const timer = setInterval(() => {
    const beat = frame();
    for (const connection of connections) {
      if (connection.ping()) connection.send(beat);
      else connection.terminate();
    }
  }, intervalMs);
  return { stop: () => clearInterval(timer) };
}
