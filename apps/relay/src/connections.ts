import { createRedisBus, type EventBus } from '@dronecast/bus';
import { pino } from 'pino';
import type { Config } from './config.js';

/** The real bus behind the relay. It connects by itself, as soon as it can. */
export const connect = ({ REDIS_URL, REDIS_TIMEOUT_MS, LOG_LEVEL }: Config): EventBus =>
  createRedisBus({ url: REDIS_URL, timeoutMs: REDIS_TIMEOUT_MS, log: pino({ level: LOG_LEVEL }) });
