import { CLOSE_CODES } from '@dronecast/events';
import { markdownTable } from 'markdown-table';
import type { Outcome } from './campaign.js';
import type { Options } from './options.js';
import type { Verdict } from './verifier.js';

const MAX_DETAILS = 10;

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

/** Whether all that is promised was kept. */
export const hasPassed = ({ verdicts, probe, backlog, events }: Outcome): boolean =>
  events > 0 &&
  backlog === 0 &&
  probe.failures.length === 0 &&
  verdicts.every(
    ({ lost, repeated, reordered, faults }) =>
      lost.length + repeated.length + reordered.length + faults.length === 0,
  );

function groupRow(group: string, members: readonly Verdict[]): string[] {
  return [
    group,
    members.length,
    sum(members, ({ expected }) => expected),
    sum(members, ({ delivered }) => delivered),
    sum(members, ({ lost }) => lost.length),
    sum(members, ({ repeated }) => repeated.length),
    sum(members, ({ reordered }) => reordered.length),
    sum(members, ({ gaps }) => gaps),
    sum(members, ({ inGaps }) => inGaps),
    sum(members, ({ toldAgain }) => toldAgain),
    sum(members, ({ reconnects }) => reconnects),
  ].map(String);
}

function faultTable({ faults }: Outcome): string {
  const names = [...new Set(faults.map(({ name }) => name))].sort();
  const count = (name: string, phase: string): string =>
    `${faults.filter((fault) => fault.name === name && fault.phase === phase).length}`;
  return markdownTable(
    [['fault', 'alone', 'mixed'], ...names.map((name) => [name, count(name, 'alone'), count(name, 'mixed')])],
    { align: ['l', 'r', 'r'] },
  );
}

function deliveryTable({ verdicts }: Outcome): string {
  const groups = [...new Set(verdicts.map(({ group }) => group))];
  const head = ['clients', 'number', 'expected', 'delivered', 'lost', 'repeated', 'reordered', 'gaps'];
  return markdownTable(
    [
      [...head, 'in gaps', 'told again', 'reconnects'],
      ...groups.map((group) =>
        groupRow(
          group,
          verdicts.filter((verdict) => verdict.group === group),
        ),
      ),
      groupRow('**total**', verdicts),
    ],
    { align: ['l', ...Array.from({ length: 10 }, () => 'r')] },
  );
}

function details({ verdicts, probe, backlog }: Outcome): string[] {
  const found = verdicts.flatMap(({ name, lost, repeated, reordered, faults }) => [
    ...lost.map((key) => `${name} lost ${key}`),
    ...repeated.map((key) => `${name} got ${key} again`),
    ...reordered.map((key) => `${name} got ${key} out of order`),
    ...faults.map((fault) => `${name}: ${fault}`),
  ]);
  if (backlog > 0) found.push(`events of ${backlog} drones were never acknowledged`);
  for (const [failure, count] of countBy(probe.failures, (text) => text))
    found.push(`a write during Redis faults: ${failure} (${count} times)`);
  return found.length > MAX_DETAILS
    ? [...found.slice(0, MAX_DETAILS), `... and ${found.length - MAX_DETAILS} more`]
    : found;
}

function closes({ closeCodes }: Outcome): string {
  return [...closeCodes]
    .sort(([a], [b]) => a - b)
    .map(([code, count]) => {
      const known = Object.entries(CLOSE_CODES).find(([ours]) => Number(ours) === code)?.[1];
      return `${code} (${known?.meaning ?? 'connection lost'}): ${count}`;
    })
    .join(', ');
}

export function formatReport(outcome: Outcome, { seed, minutes }: Options): string {
  const { faults, events, probe, losses, seconds, verdicts } = outcome;
  const delivered = sum(verdicts, (verdict) => verdict.delivered);
  return [
    '',
    faultTable(outcome),
    '',
    deliveryTable(outcome),
    '',
    `seed ${seed}, ${minutes} minutes of faults, ${seconds.toFixed(0)} s in all`,
    `${faults.length} faults, ${losses} of them lost Redis's data; ${events} events committed, ${delivered} deliveries`,
    `writes while Redis was broken: ${probe.writes}, refused or unanswered: ${probe.failures.length}, ` +
      `longest ${probe.longestMs.toFixed(0)} ms`,
    `connections closed: ${closes(outcome)}`,
    ...details(outcome),
    hasPassed(outcome) ? 'PASS' : 'FAIL',
    '',
  ].join('\n');
}
