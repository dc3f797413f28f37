/** Turns that an interval is divided into, so that thousands of connections are never all written to at once. */
const TURNS = 20;

/** Calls `beat` with each connection once per interval; one timer serves them all. */
export function createHeartbeat<C>(intervalMs: number, beat: (connections: ReadonlySet<C>) => void) {
  const slots = Array.from({ length: TURNS }, () => new Set<C>());
  let turn = 0;

  const timer = setInterval(() => {
    turn = (turn + 1) % TURNS;
    const slot = slots[turn];
    if (slot && slot.size > 0) beat(slot);
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
