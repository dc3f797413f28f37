import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import type { Verdict } from './bars.js';
import { fromRoot } from './paths.js';
import type { Sample } from './samples.js';

/** What a scenario has shown when it last ran. */
export interface Result {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly verdicts: readonly Verdict[];
  readonly samples: readonly Sample[];
}

/** By scenario. */
export type Results = Record<string, Result>;

const FILE = fromRoot('bench/results/latest.json');

export function machine(): string {
  const all = cpus();
  return `${all.length} x ${all[0]?.model.trim()}, Node ${process.versions.node}`;
}

export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Results;
  } catch {
    return {}; // Nothing has been measured yet.
  }
}

/** Replaces the results of one scenario. */
export function saveResult(name: string, result: Result): void {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify({ ...readResults(), [name]: result }, undefined, 1)}\n`);
}
