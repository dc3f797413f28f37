import { appendFileSync, readFileSync } from 'node:fs';
import type { Fact } from './fact.js';

/** What one commit told, as the process that made it wrote it down. */
export interface JournalLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly facts: readonly Fact[];
}

export const writeJournal = (path: string, line: JournalLine): void =>
  appendFileSync(path, `${JSON.stringify(line)}\n`);

export const readJournal = (path: string): JournalLine[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
