import { useState } from 'preact/hooks';
import { type FullDrone, read } from '../state/commands.js';
import { type RequestError, toRequestError } from '../state/requests.js';
import { mayUse } from '../state/session.js';
import { ProblemNotice } from '../ui/problem-notice.js';

/** Asked for only when somebody wants to see them. */
export function Credentials({ serialNumber }: { serialNumber: string }) {
  const [found, setFound] = useState<FullDrone['streamCredentials']>();
  const [error, setError] = useState<RequestError>();
  if (!mayUse('credentials:read')) return null;
  return (
    <section class="credentials" aria-label="Stream credentials">
      {found ? (
        <dl>
          <dt>User</dt>
          <dd>{found.userName || '(none)'}</dd>
          <dt>Password</dt>
          <dd>{found.password || '(none)'}</dd>
          <dt>Port</dt>
          <dd>{found.port}</dd>
        </dl>
      ) : (
        <button
          type="button"
          class="quiet"
          onClick={() =>
            read(serialNumber).then(
              (drone) => setFound(drone.streamCredentials),
              (cause) => setError(toRequestError(cause)),
            )
          }
        >
          Show stream credentials
        </button>
      )}
      {error && <ProblemNotice error={error} />}
    </section>
  );
}
