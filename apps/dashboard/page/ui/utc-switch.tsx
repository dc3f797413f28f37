import { isUtc, showUtc, zone } from '../state/time.js';

/** Shows every time of the page in UTC, or in the time zone of this machine. */
export function UtcSwitch() {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isUtc.value}
      title={`Times are shown in ${zone.value}`}
      onClick={() => showUtc(!isUtc.value)}
    >
      UTC
    </button>
  );
}
