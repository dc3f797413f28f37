import type { Socket } from 'node:net';
import type { Budget } from './budget.js';

/** Intervals in which nothing was read of what waits, after which a client counts as gone. */
const MAX_STUCK_INTERVALS = 2;

/** What may wait for clients that read slowly. */
export interface Buffers {
  /** Bytes that may wait for one client before something is written to it. */
  readonly bufferBytes: number;
  /** Of all clients. */
  readonly budget: Budget;
}

function waitForDrain(connection: Socket, done: () => void): void {
  const settle = (): void => {
    connection.off('drain', settle);
    connection.off('close', settle);
    done();
  };
  connection.on('drain', settle);
  connection.on('close', settle);
}

/**
 * Made for a client that can't answer pings; to be called once an interval. False when bytes wait for the client and it
 * has read nothing for too many intervals.
 */
export function createReadCheck(connection: Socket): () => boolean {
  let stuckIntervals = 0;
  let bytesTaken = 0;
  return () => {
    const taken = connection.bytesWritten - connection.writableLength;
    stuckIntervals = connection.writableLength === 0 || taken > bytesTaken ? 0 : stuckIntervals + 1;
    bytesTaken = taken;
    return stuckIntervals <= MAX_STUCK_INTERVALS;
  };
}

/**
 * Writes to a connection whose client may read slowly. Only what waits before a write is bounded, since an event larger
 * than the bound must still reach its client. `cutOff` must destroy the connection.
 */
export function createOutlet(connection: Socket, { bufferBytes, budget }: Buffers, cutOff: () => void) {
  const reader = { waitingBytes: () => connection.writableLength, cutOff };
  return {
    /** False, and nothing is written, when too much waits already. */
    write(bytes: Buffer): boolean {
      if (connection.writableLength >= bufferBytes) return false;
      connection.write(bytes);
      if (connection.writableLength > 0) budget.add(reader, bytes.length);
      return true;
    },
    isBehind: (): boolean => connection.writableLength > bufferBytes / 4,
    async drained(): Promise<void> {
      if (connection.writableNeedDrain)
        await new Promise<void>((resolve) => waitForDrain(connection, resolve));
    },
    /** The connection is gone. */
    release: (): void => void budget.delete(reader),
  };
}
