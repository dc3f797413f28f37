/** What a heartbeat needs of a connection. */
export interface Pingable {
  /** Asks for a sign of life; false when there was none for too long. */
  ping(): boolean;
  terminate(): void;
}

/** One timer for all connections: it ends those that are dead, then calls `beat`. */
export function startHeartbeat(
  intervalMs: number,
  connections: ReadonlySet<Pingable>,
  beat: () => void,
): { stop(): void } {
  const timer = setInterval(() => {
    for (const connection of connections) if (!connection.ping()) connection.terminate();
    beat();
  }, intervalMs);
  return { stop: () => clearInterval(timer) };
}
