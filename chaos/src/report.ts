import { CLOSE_CODES } from '@dronecast/events';
import { markdownTable } from 'markdown-table';
import type { Outcome } from './campaign.js';
import type { Options } from './options.js';
import type { Verdict } from './verifier.js';

const MAX_DETAILS = 40;

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

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Each lost event once: when it was committed, and by how many clients it was missed. */
function lostEvents({ verdicts, startedAt }: Outcome): string[] {
  const lost = verdicts.flatMap((verdict) => verdict.lost);
  const counts = countBy(lost, ({ fact }) => fact.key);
  const events = new Map(lost.map((event) => [event.fact.key, event]));
  return [...events.values()]
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .map(({ fact, at, isSeen }) => {
      const when = at === undefined ? 'at an unknown time' : `at ${seconds(at - startedAt)}`;
      const whom = isSeen ? `by ${counts.get(fact.key)} clients` : 'by everybody';
      return `lost: ${fact.key} of ${fact.serialNumber ?? 'all'}, committed ${when}, missed ${whom}`;
    });
}

function details(outcome: Outcome): string[] {
  const { verdicts, probe, backlog } = outcome;
  const found = verdicts.flatMap(({ name, repeated, reordered, faults }) => [
    ...repeated.map((key) => `${name} got ${key} again`),
    ...reordered.map((key) => `${name} got ${key} out of order`),
    ...faults.map((fault) => `${name}: ${fault}`),
  ]);
  if (backlog > 0) found.push(`events of ${backlog} drones were never acknowledged`);
  for (const [failure, count] of countBy(probe.failures, (text) => text))
    found.push(`a write during Redis faults: ${failure} (${count} times)`);
  const all = [...found, ...lostEvents(outcome)];
  return all.length > MAX_DETAILS
    ? [...all.slice(0, MAX_DETAILS), `... and ${all.length - MAX_DETAILS} more`]
    : all;
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
  const { faults, events, probe, losses, durationMs, verdicts } = outcome;
  const delivered = sum(verdicts, (verdict) => verdict.delivered);
  return [
    '',
    faultTable(outcome),
    '',
    deliveryTable(outcome),
    '',
    `seed ${seed}, ${minutes} minutes of faults, ${seconds(durationMs)} in all`,
    `${faults.length} faults, ${losses} of them lost Redis's data; ${events} events committed, ${delivered} deliveries`,
    `writes while Redis was broken: ${probe.writes}, refused or unanswered: ${probe.failures.length}, ` +
      `longest ${probe.longestMs.toFixed(0)} ms`,
    `connections closed: ${closes(outcome)}`,
    ...details(outcome),
    hasPassed(outcome) ? 'PASS' : 'FAIL',
    '',
  ].join('\n');
}
