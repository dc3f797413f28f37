import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { nowUs, readStamp } from '../clock.js';
import { serve } from '../rpc.js';

/** When the database's answer with a stamp passed here for the first time: that is the commit. */
const commits = new Map<number, number>();

const commands = {
  /** Passes connections on to a server. Returns the port of this machine to connect to instead. */
  async open({ host, port }: { host: string; port: number }): Promise<number> {
    const server = createServer({ noDelay: true }, (near) => {
      const far = connect({ port, host, noDelay: true });
      near.pipe(far);
      far.on('data', (chunk) => {
        const stamp = readStamp(chunk);
        if (stamp !== undefined && !commits.has(stamp)) commits.set(stamp, nowUs());
        near.write(chunk);
      });
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      near.on('error', () => {});
      far.on('error', () => {});
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },

  /** Pairs of microseconds since the last call: the stamp of a change, and when it was committed. */
  commits(): Float64Array {
    const pairs = Float64Array.from([...commits].flat());
    commits.clear();
    return pairs;
  },
};
export type WireTapCommands = typeof commands;

serve(commands);
