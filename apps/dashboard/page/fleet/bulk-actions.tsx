import { useState } from 'preact/hooks';
import { toggle } from '../state/commands.js';
import { toRequestError } from '../state/requests.js';
import { mayUse } from '../state/session.js';
import { clearSelection, selection } from './selection.js';

/** Requests at a time. */
const AT_ONCE = 6;

interface Outcome {
  readonly serialNumber: string;
  /** Undefined: it worked. */
  readonly error?: string;
}

const ACTIONS = [
  { name: 'Stream on', field: 'streamIsOn', isOn: true },
  { name: 'Stream off', field: 'streamIsOn', isOn: false },
  { name: 'AI on', field: 'isUsingAiDetection', isOn: true },
  { name: 'AI off', field: 'isUsingAiDetection', isOn: false },
] as const;

async function toggleAll(
  serialNumbers: readonly string[],
  { field, isOn }: (typeof ACTIONS)[number],
  report: (outcomes: readonly Outcome[]) => void,
): Promise<void> {
  const waiting = [...serialNumbers];
  const outcomes: Outcome[] = [];
  async function work(): Promise<void> {
    for (let serialNumber = waiting.shift(); serialNumber !== undefined; serialNumber = waiting.shift()) {
      try {
        await toggle(serialNumber, field, isOn);
        outcomes.push({ serialNumber });
      } catch (error) {
        const { status, message } = toRequestError(error);
        outcomes.push({ serialNumber, error: status === 412 ? 'changed meanwhile' : message });
      }
      report([...outcomes]);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Switches all that are ticked, and says of each whether it worked. */
export function BulkActions() {
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>();
  const [total, setTotal] = useState(0);
  const chosen = [...selection.value];
  if (chosen.length === 0 && !outcomes) return null;
  const failures = outcomes?.filter(({ error }) => error !== undefined) ?? [];
  const run = (action: (typeof ACTIONS)[number]): void => {
    setTotal(chosen.length);
    setOutcomes([]);
    void toggleAll(chosen, action, setOutcomes);
  };
  const close = (): void => {
    setOutcomes(undefined);
    clearSelection();
  };
  return (
    <section aria-label="Selected devices" class="bulk">
      <span>{`${chosen.length} selected`}</span>
      {ACTIONS.map((action) => (
        <button
          key={action.name}
          type="button"
          disabled={
            !mayUse('drones:write') ||
            chosen.length === 0 ||
            (outcomes !== undefined && outcomes.length < total)
          }
          onClick={() => run(action)}
        >
          {action.name}
        </button>
      ))}
      <button type="button" class="quiet" onClick={close}>
        Clear selection
      </button>
      {outcomes && (
        <div role="status">
          <p>{`${outcomes.length - failures.length} of ${total} done${failures.length > 0 ? `, ${failures.length} failed` : ''}`}</p>
          <ul class="outcomes">
            {outcomes.map(({ serialNumber, error }) => (
              <li key={serialNumber} class={error === undefined ? undefined : 'failed'}>
                {`${serialNumber}: ${error ?? 'done'}`}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
