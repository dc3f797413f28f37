import { useState } from 'preact/hooks';
import { formatNumber } from '../state/number.js';
import { type RequestError, toRequestError } from '../state/requests.js';
import { mayUse } from '../state/session.js';
import { Confirm } from '../ui/confirm.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import {
  demoDevices,
  demoError,
  isDemoElsewhere,
  isDemoRunning,
  removeDemo,
  startDemo,
  stopDemo,
} from './demo-fleet.js';

const devices = (count: number): string =>
  `${formatNumber(count)} demo ${count === 1 ? 'device' : 'devices'}`;

/** Deletes the devices that a demo has left, after asking. */
function RemoveDemo() {
  const [isAsking, setIsAsking] = useState(false);
  const [progress, setProgress] = useState<{ removed: number; total: number }>();
  const [error, setError] = useState<RequestError>();
  const count = demoDevices.value.length;

  async function run(): Promise<void> {
    let removed = 0;
    setError(undefined);
    setProgress({ removed, total: count });
    try {
      await removeDemo(() => {
        removed += 1;
        setProgress({ removed, total: count });
      });
    } catch (cause) {
      setError(toRequestError(cause));
    }
    setProgress(undefined);
  }

  return (
    <>
      {progress ? (
        <span role="status">{`Removing demo devices: ${progress.removed} of ${progress.total}`}</span>
      ) : (
        <button type="button" class="danger" onClick={() => setIsAsking(true)}>
          Remove demo devices
        </button>
      )}
      {error && <ProblemNotice error={error} />}
      {isAsking && (
        <Confirm
          question={`Delete ${devices(count)}? This cannot be undone. Their incidents are kept.`}
          action="Delete"
          onAnswer={(isConfirmed) => {
            setIsAsking(false);
            if (isConfirmed) void run();
          }}
        />
      )}
    </>
  );
}

/** A made-up fleet, which changes while the page is open. Its devices stay registered until they are removed. */
export function DemoButton() {
  if (!mayUse('drones:write') || !mayUse('incidents:write')) return null;
  const left = demoDevices.value.length;
  return (
    <section aria-label="Demo fleet" class="demo">
      {isDemoElsewhere.value && <p role="status">A demo fleet is running in another tab or browser.</p>}
      {left > 0 && !isDemoRunning.value && !isDemoElsewhere.value && (
        <p role="status">{`The demo has ended. ${devices(left)} ${left === 1 ? 'is' : 'are'} still registered.`}</p>
      )}
      {isDemoRunning.value ? (
        <button type="button" onClick={stopDemo}>
          Stop demo fleet
        </button>
      ) : (
        !isDemoElsewhere.value && (
          <>
            <button type="button" class={left > 0 ? 'quiet' : undefined} onClick={() => void startDemo()}>
              {left > 0 ? 'Start demo again' : 'Start demo fleet'}
            </button>
            {left > 0 && <RemoveDemo />}
          </>
        )
      )}
      {demoError.value && <ProblemNotice error={demoError.value} />}
    </section>
  );
}
