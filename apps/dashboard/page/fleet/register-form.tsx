import { useState } from 'preact/hooks';
import { register } from '../state/commands.js';
import { type RequestError, toRequestError } from '../state/requests.js';
import { mayUse } from '../state/session.js';
import { ProblemNotice } from '../ui/problem-notice.js';

export function RegisterForm() {
  const [error, setError] = useState<RequestError>();
  if (!mayUse('drones:write')) return <p class="hint">Your token does not allow registering devices.</p>;
  return (
    <form
      class="fields"
      aria-label="Register a device"
      onSubmit={async (event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const field = (name: string): string => String(new FormData(form).get(name));
        try {
          await register({
            deviceSerialNumber: field('serialNumber'),
            deviceName: field('name'),
            deviceCategory: field('category'),
          });
          setError(undefined);
          form.reset();
        } catch (cause) {
          setError(toRequestError(cause));
        }
      }}
    >
      <label>
        Serial number
        <input name="serialNumber" required maxLength={64} autoComplete="off" />
      </label>
      <label>
        Name
        <input name="name" required maxLength={200} autoComplete="off" />
      </label>
      <label>
        Category
        <select name="category">
          <option value="DRONE">Drone</option>
          <option value="BODY CAM">Body cam</option>
          <option value="CCTV">CCTV</option>
        </select>
      </label>
      <button type="submit">Register</button>
      {error && <ProblemNotice error={error} />}
    </form>
  );
}
