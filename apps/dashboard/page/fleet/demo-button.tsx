import { useState } from 'preact/hooks';
import { type RequestError, toRequestError } from '../state/requests.js';
import { mayUse } from '../state/session.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { isDemoRunning, startDemo, stopDemo } from './demo-fleet.js';

/** A fleet that is made up, and lives while the page is open. Its devices stay until they are deleted. */
export function DemoButton() {
  const [error, setError] = useState<RequestError>();
  if (!mayUse('drones:write') || !mayUse('incidents:write')) return null;
  return (
    <>
      {isDemoRunning.value ? (
        <button type="button" onClick={stopDemo}>
          Stop demo fleet
        </button>
      ) : (
        <button
          type="button"
          onClick={() => {
            setError(undefined);
            startDemo().catch((cause) => setError(toRequestError(cause)));
          }}
        >
          Start demo fleet
        </button>
      )}
      {error && <ProblemNotice error={error} />}
    </>
  );
}
