import { serve } from './rpc.js';

/** What a server has used so far. */
export interface Usage {
  /** Microseconds of CPU, user and system, of all its threads. */
  readonly cpuUs: number;
  /** Bytes. */
  readonly rss: number;
}

const commands = {
  usage(): Usage {
    const { user, system } = process.cpuUsage();
    return { cpuUs: user + system, rss: process.memoryUsage.rss() };
  },
};
export type ProbeCommands = typeof commands;

// Loaded into every server that is measured (`node --import`), so that none has to be changed for it.
serve(commands);
