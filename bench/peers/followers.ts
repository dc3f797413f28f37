import type { Socket } from 'node:net';

/** Who follows what: a serial number, or everything. */
export function createFollowers() {
  const everything = new Set<Socket>();
  const bySerialNumber = new Map<string, Set<Socket>>();

  return {
    everything: everything as ReadonlySet<Socket>,
    of: (serialNumber: string): ReadonlySet<Socket> | undefined => bySerialNumber.get(serialNumber),

    add(connection: Socket, serialNumber: string | undefined): void {
      const set =
        serialNumber === undefined ? everything : (bySerialNumber.get(serialNumber) ?? new Set<Socket>());
      if (serialNumber !== undefined) bySerialNumber.set(serialNumber, set);
      set.add(connection);
      connection.on('close', () => set.delete(connection));
    },
  };
}
