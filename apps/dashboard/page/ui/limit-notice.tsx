import { now } from '../state/clock.js';
import { limitedUntil } from '../state/requests.js';

/** Counts down while the API takes no requests (429). */
export function LimitNotice() {
  const seconds = Math.ceil((limitedUntil.value - now.value) / 1000);
  if (seconds <= 0) return null;
  return (
    <div class="banner warning" role="alert">
      <span>{`Too many requests: the API takes the next one in ${seconds} s.`}</span>
    </div>
  );
}
