/** Milliseconds between two turns, so that thousands of connections are never all written to at once. */
const TURN_MS = 100;
const MIN_TURNS = 20;
const MAX_TURNS = 250;

/** Calls `beat` with each connection once per interval; one timer serves them all. */
export function createHeartbeat<C>(intervalMs: number, beat: (connections: ReadonlySet<C>) => void) {
  const turns = Math.min(MAX_TURNS, Math.max(MIN_TURNS, Math.floor(intervalMs / TURN_MS)));
  const slots = Array.from({ length: turns }, () => new Set<C>());
  const slotOf = new Map<C, Set<C>>();
  let turn = 0;

  const timer = setInterval(() => {
    turn = (turn + 1) % turns;
    const slot = slots[turn];
    if (slot && slot.size > 0) beat(slot);
  }, intervalMs / turns);

  return {
    /** To the emptiest slot: those who leave together leave no hole. Of several it is the one whose turn comes last. */
    add(connection: C): void {
      const lastFirst = [...slots.slice(0, turn + 1).reverse(), ...slots.slice(turn + 1).reverse()];
      const emptiest = lastFirst.reduce((found, slot) => (slot.size < found.size ? slot : found));
      emptiest.add(connection);
      slotOf.set(connection, emptiest);
    },
    delete(connection: C): void {
      slotOf.get(connection)?.delete(connection);
      slotOf.delete(connection);
    },
    stop: (): void => clearInterval(timer),
  };
}
