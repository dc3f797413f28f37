import { useState } from 'preact/hooks';
import { broadcast } from '../state/commands.js';
import { type RequestError, toRequestError } from '../state/requests.js';
import { ProblemNotice } from '../ui/problem-notice.js';

const LEVELS = ['info', 'warning', 'error', 'critical'] as const;

/** Says something to everybody who is connected. */
export function Composer() {
  const [error, setError] = useState<RequestError>();
  const [isSent, setIsSent] = useState(false);
  return (
    <form
      class="fields"
      aria-label="Broadcast"
      onSubmit={async (event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const fields = new FormData(form);
        const body = {
          message: String(fields.get('message')),
          level: fields.get('level') as (typeof LEVELS)[number],
        };
        try {
          await broadcast(body);
          setError(undefined);
          setIsSent(true);
          form.reset();
        } catch (cause) {
          setIsSent(false);
          setError(toRequestError(cause));
        }
      }}
    >
      <h2>Broadcast</h2>
      <label>
        Message
        <textarea name="message" required maxLength={4096} rows={2} />
      </label>
      <label>
        Level
        <select name="level">
          {LEVELS.map((level) => (
            <option key={level}>{level}</option>
          ))}
        </select>
      </label>
      <button type="submit">Send to everybody</button>
      {isSent && <p role="status">Sent.</p>}
      {error && <ProblemNotice error={error} />}
    </form>
  );
}
