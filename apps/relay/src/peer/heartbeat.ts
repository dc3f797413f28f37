import { setImmediate as nextTurn } from 'node:timers/promises';

/** Turns that an interval is divided into, so that thousands of connections are never all written to at once. */
const TURNS = 20;
/** Connections that are served before other work gets its turn of the event loop. */
const BATCH = 200;

/** Calls `beat` with each connection once per interval, a few at a time; one timer serves them all. */
export function createHeartbeat<C>(intervalMs: number, beat: (connections: readonly C[]) => void) {
  const slots = Array.from({ length: TURNS }, () => new Set<C>());
  let turn = 0;

  async function serve(slot: ReadonlySet<C>): Promise<void> {
    const connections = [...slot];
    while (connections.length > 0) {
      beat(connections.splice(0, BATCH).filter((connection) => slot.has(connection)));
      if (connections.length > 0) await nextTurn();
    }
  }

  const timer = setInterval(() => {
    turn = (turn + 1) % TURNS;
    void serve(slots[turn] as Set<C>);
  }, intervalMs / TURNS);

  return {
    /** To the emptiest slot: those who leave together leave no hole. */
    add(connection: C): void {
      slots.reduce((emptiest, slot) => (slot.size < emptiest.size ? slot : emptiest)).add(connection);
    },
    delete(connection: C): void {
      for (const slot of slots) slot.delete(connection);
    },
    stop: (): void => clearInterval(timer),
  };
}
