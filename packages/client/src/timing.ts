import type { Timing } from './link.js';

export const TIMING: Timing = {
  backoff: { firstMs: 500, mostMs: 30_000 },
  greetingMs: 10_000,
  callbackMs: 30_000,
  pingMs: 5000,
  climb: { firstMs: 30_000, mostMs: 600_000 },
};
