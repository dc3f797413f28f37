import type { Socket } from 'node:net';

function waitForDrain(connection: Socket, done: () => void): void {
  const settle = (): void => {
    connection.off('drain', settle);
    connection.off('close', settle);
    done();
  };
  connection.on('drain', settle);
  connection.on('close', settle);
}

/** Writes to a connection whose client may read slowly: at most `bufferBytes` wait for it. */
export function createOutlet(connection: Socket, bufferBytes: number) {
  return {
    /** False, and nothing is written, when too much would wait. */
    write(bytes: Buffer): boolean {
      if (connection.writableLength + bytes.length > bufferBytes) return false;
      connection.write(bytes);
      return true;
    },
    isBehind: (): boolean => connection.writableLength > bufferBytes / 4,
    async drained(): Promise<void> {
      if (connection.writableNeedDrain)
        await new Promise<void>((resolve) => waitForDrain(connection, resolve));
    },
  };
}
