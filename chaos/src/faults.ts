import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { insertBacklog } from './backlog.js';
import { poisonOutboxes } from './poison.js';
import { stormWithPrefixes } from './prefix-storm.js';
import type { Fault, FaultName } from './schedule.js';
import { type AppServer, ready, removeRedisData, type System } from './system.js';
import type { Tap } from './tap.js';
import type { VerifyingClient } from './verifying-client.js';

export interface FaultContext {
  readonly system: System;
  readonly clients: readonly VerifyingClient[];
  readonly tap: Pick<Tap, 'read'>;
  /** Called while Redis is down, when its data is gone. */
  readonly onLoss: () => void;
  /** Of the fault `api-backlog`. */
  readonly backlogMiB: number;
  /** Folder of an earlier version's build, for the faults `earlier-api` and `earlier-relay`. */
  readonly earlier: string | undefined;
}

/** Milliseconds that an API has to make the commit at which it is to die. */
const FAIL_POINT_TIMEOUT_MS = 2000;
const FLOOD_BYTES = 200_000;
const FLOOD_INTERVAL_MS = 50;
const FORGERY_INTERVAL_MS = 50;
/** How long slow readers pause between two looks at their sockets. */
const SLOW_PAUSE_MS = 500;
/** How far ahead the clock is that gives a stream id. */
const CLOCK_JUMP_MS = 3_600_000;

type Make = (context: FaultContext, fault: Fault) => Promise<void>;

const half = <T>([first, second]: readonly T[], target: number): T =>
  (target % 2 === 0 ? first : second) as T;
const api = ({ system }: FaultContext, { target }: Fault): AppServer => half(system.apis, target);
const relay = ({ system }: FaultContext, { target }: Fault): AppServer => half(system.relays, target);
const clientLink = ({ system }: FaultContext, { target }: Fault) => half(system.clientLinks, target);

async function restart(app: AppServer): Promise<void> {
  await app.start();
  await ready(app);
}

/** An upgrade that is taken back: the two versions run beside each other meanwhile. */
async function runEarlier(app: AppServer, { earlier }: FaultContext, { durationMs }: Fault): Promise<void> {
  await app.replaceBy(earlier);
  await delay(durationMs);
  await app.replaceBy(undefined);
}

/** Redis itself, past all links. */
async function tellRedis({ system }: FaultContext, ...commands: string[][]): Promise<unknown[]> {
  const client = createClient({ url: system.redis.url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  try {
    const replies: unknown[] = [];
    for (const command of commands) replies.push(await client.sendCommand(command));
    return replies;
  } finally {
    client.destroy();
  }
}

/** Resolves when Redis has loaded its data, before which it answers every command with LOADING. */
async function restartRedis(context: FaultContext): Promise<void> {
  await context.system.redis.start();
  const isLoading = (): Promise<boolean> =>
    tellRedis(context, ['PING']).then(
      () => false,
      (error) => String(error).includes('LOADING'),
    );
  while (await isLoading()) await delay(50);
}

/** The links of all four processes to Redis, or, half of the time, of one alone. */
function redisLinks({ system }: FaultContext, { target, durationMs }: Fault) {
  const links = [...system.apis, ...system.relays].map(({ redisLink }) => redisLink);
  return durationMs % 2 === 0 ? links : links.slice(target, target + 1);
}

/** A fifth of the clients of each group, others for other targets. */
const someClients = ({ clients }: FaultContext, { target }: Fault): VerifyingClient[] =>
  clients.filter((_, n) => Math.floor(n / 5) % 5 === target);

/** Messages of other publishers, which only those get who follow everything, and more than any kernel holds back. */
async function flood(context: FaultContext, durationMs: number): Promise<void> {
  const message = JSON.stringify({ flood: 'x'.repeat(FLOOD_BYTES) });
  for (const end = Date.now() + durationMs; Date.now() < end; await delay(FLOOD_INTERVAL_MS))
    await tellRedis(context, ['PUBLISH', 'drone:FLOOD:flood', message]).catch(() => {});
}

/** Keys of others that take all of Redis's memory, and are much larger than the history. */
const BALLAST_KEY = 'ballast';
const BALLAST_BYTES = 400 * 1024 * 1024;

async function usedMemory(context: FaultContext): Promise<number> {
  const [info] = await tellRedis(context, ['INFO', 'memory']);
  return Number(/^used_memory:(\d+)/m.exec(String(info))?.[1]);
}

/** What an event looks like that was published while Redis's clock was ahead: all later ids follow it. */
const PUBLISH_AHEAD = `
local epoch = redis.call('GET', KEYS[2])
if not epoch then return end
local id = redis.call('XADD', KEYS[1], (redis.call('TIME')[1] * 1000 + ARGV[1]) .. '-0', 'channel', ARGV[2], 'event', ARGV[3])
redis.call('PUBLISH', ARGV[2], '{"id":"' .. epoch .. '.' .. id .. '",' .. string.sub(ARGV[3], 2))
`;

/** Each makes a fault, keeps it up for its duration, and resolves when what was broken works again. */
export const MAKE: Readonly<Record<FaultName, Make>> = {
  async 'api-kill'(context, fault) {
    await api(context, fault).stop('SIGKILL');
    await delay(fault.durationMs);
    await restart(api(context, fault));
  },

  async 'api-kill-before-publish'(context, fault) {
    const process = api(context, fault);
    process.kill('SIGUSR2');
    await Promise.race([process.exited(), delay(FAIL_POINT_TIMEOUT_MS)]);
    await process.stop('SIGKILL');
    await delay(fault.durationMs);
    await restart(process);
  },

  async 'relay-kill'(context, fault) {
    await relay(context, fault).stop('SIGKILL');
    await delay(fault.durationMs);
    await restart(relay(context, fault));
  },

  async 'relay-stop'(context, fault) {
    await relay(context, fault).stop('SIGTERM');
    await delay(fault.durationMs);
    await restart(relay(context, fault));
  },

  async 'earlier-api'(context, fault) {
    await runEarlier(api(context, fault), context, fault);
  },

  async 'earlier-relay'(context, fault) {
    await runEarlier(relay(context, fault), context, fault);
  },

  async 'redis-kill'(context, { durationMs }) {
    await context.system.redis.stop('SIGKILL');
    await delay(durationMs);
    await restartRedis(context);
  },

  async 'redis-lose'(context, { durationMs }) {
    const { system, tap, onLoss } = context;
    await tap.read().catch(() => {});
    await system.redis.stop('SIGKILL');
    onLoss();
    await removeRedisData(system.redis);
    await delay(durationMs);
    await restartRedis(context);
  },

  async 'redis-pause'({ system }, { durationMs }) {
    system.redis.kill('SIGSTOP');
    await delay(durationMs);
    system.redis.kill('SIGCONT');
  },

  async 'redis-cut'(context, fault) {
    const links = redisLinks(context, fault);
    for (const link of links) link.cut();
    await delay(fault.durationMs);
    for (const link of links) link.heal();
  },

  async 'redis-black-hole'(context, fault) {
    const links = redisLinks(context, fault);
    for (const link of links) link.swallow();
    await delay(fault.durationMs);
    for (const link of links) link.heal();
  },

  async 'subscriber-kill'(context) {
    await tellRedis(context, ['CLIENT', 'KILL', 'TYPE', 'pubsub']);
  },

  /** A backlog, published in one go, is more than the buffer takes: Redis ends the subscribers' connections. */
  async 'small-output-buffer'(context, { durationMs }) {
    const limit = (bytes: number) =>
      tellRedis(context, ['CONFIG', 'SET', 'client-output-buffer-limit', `pubsub ${bytes} ${bytes} 1`]);
    await limit(1024);
    for (const { redisLink } of context.system.apis) redisLink.cut();
    await delay(durationMs / 2);
    for (const { redisLink } of context.system.apis) redisLink.heal();
    await delay(durationMs / 2);
    await limit(32 * 1024 * 1024);
  },

  async 'clock-jump'(context) {
    const message = `clock jump at ${Date.now()}`;
    const body = JSON.stringify({
      type: 'system:event',
      event: 'system.broadcast',
      channel: 'system:broadcast',
      timestamp: new Date().toISOString(),
      data: { message, level: 'info' },
    });
    const keys = ['{dronecast}:events', '{dronecast}:epoch'];
    await tellRedis(context, [
      'EVAL',
      PUBLISH_AHEAD,
      '2',
      ...keys,
      `${CLOCK_JUMP_MS}`,
      'system:broadcast',
      body,
    ]);
  },

  /** Redis refuses copies of events, or the events themselves. */
  async 'redis-acl'(context, { durationMs, target }) {
    const channels = target % 2 === 0 ? ['&drone:*', '&system:*'] : ['&system:*'];
    await tellRedis(context, ['ACL', 'SETUSER', 'default', 'resetchannels', ...channels]);
    await delay(durationMs);
    await tellRedis(context, ['ACL', 'SETUSER', 'default', 'allchannels']);
  },

  /** Somebody publishes what looks like an event from the future. */
  async 'forged-frame'(context, { durationMs }) {
    const [epoch] = await tellRedis(context, ['GET', '{dronecast}:epoch']);
    const channel = 'drone:FORGED:updated';
    for (const end = Date.now() + durationMs; Date.now() < end; await delay(FORGERY_INTERVAL_MS)) {
      const frame = { id: `${epoch}.${Date.now() + 2 * CLOCK_JUMP_MS}-0`, type: 'drone:event', channel };
      await tellRedis(context, ['PUBLISH', channel, JSON.stringify(frame)]);
    }
  },

  async 'poison-outbox'({ system }, { durationMs }) {
    await poisonOutboxes(system.mongo.url, durationMs);
  },

  async 'redis-full'(context, { durationMs }) {
    await tellRedis(context, ['SETRANGE', BALLAST_KEY, `${BALLAST_BYTES}`, 'x']);
    const full = await usedMemory(context);
    await tellRedis(context, ['CONFIG', 'SET', 'maxmemory', `${full}`]);
    await delay(durationMs);
    await tellRedis(context, ['DEL', BALLAST_KEY], ['CONFIG', 'SET', 'maxmemory', '0']);
  },

  /** What waits in the database after a long outage is far more than the API's heap holds. */
  async 'api-backlog'(context) {
    const { apis, mongo, journal } = context.system;
    for (const { redisLink } of apis) redisLink.cut();
    await insertBacklog(mongo.url, journal, context.backlogMiB);
    for (const { redisLink } of apis) redisLink.heal();
    await Promise.all(apis.map(ready));
  },

  async 'prefix-storm'(context, fault) {
    const { port } = clientLink(context, fault);
    await stormWithPrefixes(`ws://127.0.0.1:${port}`, fault.durationMs);
  },

  async 'mongo-kill'({ system }, { durationMs }) {
    await system.mongo.stop('SIGKILL');
    await delay(durationMs);
    await system.mongo.start();
    await Promise.all(system.apis.filter((process) => process.isRunning()).map(ready));
  },

  async 'client-cut'(context, fault) {
    clientLink(context, fault).cut();
    await delay(fault.durationMs);
    clientLink(context, fault).heal();
  },

  async 'client-black-hole'(context, fault) {
    clientLink(context, fault).swallow();
    await delay(fault.durationMs);
    clientLink(context, fault).heal();
  },

  async 'slow-readers'(context, fault) {
    const flooded = flood(context, fault.durationMs);
    for (const end = Date.now() + fault.durationMs; Date.now() < end; await delay(1)) {
      for (const client of someClients(context, fault)) client.pause();
      await delay(SLOW_PAUSE_MS);
      for (const client of someClients(context, fault)) client.resume();
    }
    await flooded;
  },

  async 'stopped-readers'(context, fault) {
    for (const client of someClients(context, fault)) client.pause();
    await flood(context, fault.durationMs);
    for (const client of someClients(context, fault)) client.resume();
  },
};
