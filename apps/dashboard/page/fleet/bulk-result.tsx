import { useRef } from 'preact/hooks';
import {
  type BulkRun,
  bulkRun,
  closeBulk,
  failedOf,
  isBulkRunning,
  notSentOf,
  type Outcome,
  retryBulk,
  stopBulk,
} from '../state/bulk.js';
import { countOf, formatNumber } from '../state/number.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { useHeldFocus } from '../ui/use-held-focus.js';

function describe({ what, state, serialNumbers, outcomes }: BulkRun): string {
  const done = [...outcomes.values()].filter(({ kind }) => kind === 'done').length;
  const [all, sent] = [formatNumber(serialNumbers.length), formatNumber(outcomes.size)];
  if (state === 'running') return `${what.name}: ${sent} of ${all}`;
  if (state === 'stopping') return `${what.name}: ${sent} of ${all}. Stopping after the request in progress.`;
  const notSent = serialNumbers.length - outcomes.size;
  if (state === 'finished' && notSent === 0) return `${what.name}: ${formatNumber(done)} of ${all} done`;
  const failed = outcomes.size - done;
  return [
    `Stopped: ${formatNumber(done)} done`,
    ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
    `${formatNumber(notSent)} not started`,
  ].join(', ');
}

interface Group {
  readonly outcome: Outcome;
  readonly serialNumbers: string[];
}

/** The serial numbers of each outcome, the largest group first. */
function groupsOf(run: BulkRun): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [serialNumber, outcome] of run.outcomes) {
    const group = groups.get(outcome.text);
    if (group) group.serialNumbers.push(serialNumber);
    else groups.set(outcome.text, { outcome, serialNumbers: [serialNumber] });
  }
  return [...groups.values()].sort((a, b) => b.serialNumbers.length - a.serialNumbers.length);
}

function SerialNumbers({ label, serialNumbers }: { label: string; serialNumbers: readonly string[] }) {
  return (
    <details>
      <summary>{`${formatNumber(serialNumbers.length)} ${label}`}</summary>
      <p class="serial-numbers" tabIndex={0}>
        {serialNumbers.join(', ')}
      </p>
    </details>
  );
}

/** How the run goes, and what has become of each device. */
export function BulkResult() {
  const run = bulkRun.value;
  const holder = useRef<HTMLSpanElement>(null);
  const keepFocus = useHeldFocus(holder, run?.state);
  if (!run) return null;
  const [failed, notSent] = [failedOf(run), notSentOf(run)];
  const isOver = !isBulkRunning.value;
  return (
    <div {...keepFocus}>
      <div class="bulk-head">
        <span role="status" ref={holder} tabIndex={-1}>
          {describe(run)}
        </span>
        {!isOver && (
          <>
            <progress
              aria-label="Devices that were sent"
              max={run.serialNumbers.length}
              value={run.outcomes.size}
            />
            <button type="button" class="quiet" disabled={run.state === 'stopping'} onClick={stopBulk}>
              Stop
            </button>
          </>
        )}
        {isOver && failed.length > 0 && (
          <button type="button" onClick={() => retryBulk(failed)}>
            Retry the failed
          </button>
        )}
        {isOver && notSent.length > 0 && (
          <button type="button" onClick={() => retryBulk(notSent)}>
            {`Continue with ${countOf(notSent.length, 'device')}`}
          </button>
        )}
        {isOver && (
          <button type="button" class="quiet" onClick={closeBulk}>
            Close result
          </button>
        )}
      </div>
      {run.error && <ProblemNotice error={run.error} />}
      {groupsOf(run).map(({ outcome: { text, many = text }, serialNumbers }) => (
        <SerialNumbers
          key={text}
          label={serialNumbers.length === 1 ? text : many}
          serialNumbers={serialNumbers}
        />
      ))}
      {isOver && notSent.length > 0 && <SerialNumbers label="not started" serialNumbers={notSent} />}
    </div>
  );
}
