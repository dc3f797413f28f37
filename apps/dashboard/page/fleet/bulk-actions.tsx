import { useState } from 'preact/hooks';
import { bulkRun, isBulkRunning, SWITCHES, type Switch, startBulk } from '../state/bulk.js';
import { countOf, formatNumber } from '../state/number.js';
import { mayUse } from '../state/session.js';
import { Confirm } from '../ui/confirm.js';
import { BulkResult } from './bulk-result.js';
import { clearSelection, hiddenCount, selectedInSight } from './selection.js';

function describeSelection(inSight: number, hidden: number): string {
  const selected = `${formatNumber(inSight + hidden)} selected`;
  if (hidden === 0) return selected;
  const part = inSight === 0 ? 'all' : `${formatNumber(hidden)}`;
  return `${selected}, ${part} of them hidden by the filters`;
}

/** A switch that waits for the user's answer, with the devices that the question has counted. */
interface Asked {
  readonly what: Switch;
  readonly serialNumbers: readonly string[];
}

/** Switches the devices that are ticked and in the table. Those that the filters hide are left alone. */
export function BulkActions() {
  const [asked, setAsked] = useState<Asked>();
  const [serialNumbers, hidden] = [selectedInSight.value, hiddenCount.value];
  const isSelected = serialNumbers.length + hidden > 0;
  if (!isSelected && !bulkRun.value && !asked) return null;
  return (
    <section aria-label="Selected devices" class="bulk">
      {isSelected && (
        <>
          <span>{describeSelection(serialNumbers.length, hidden)}</span>
          {SWITCHES.map((what) => (
            <button
              key={what.name}
              type="button"
              disabled={!mayUse('drones:write') || serialNumbers.length === 0}
              // Not disabled: the button that began the run keeps the focus.
              aria-disabled={isBulkRunning.value}
              onClick={() => {
                if (!isBulkRunning.value) setAsked({ what, serialNumbers });
              }}
            >
              {what.name}
            </button>
          ))}
          <button type="button" class="quiet" onClick={clearSelection}>
            Clear selection
          </button>
        </>
      )}
      <BulkResult />
      {asked && (
        <Confirm
          question={`${asked.what.verb} for ${countOf(asked.serialNumbers.length, 'device')}?`}
          action={asked.what.name}
          onAnswer={(isConfirmed) => {
            setAsked(undefined);
            if (isConfirmed) startBulk(asked.what, asked.serialNumbers);
          }}
        />
      )}
    </section>
  );
}
