import { age } from '../state/clock.js';
import { formatTime } from '../state/time.js';

/** How long ago something was; the time itself on hovering. */
export function Age({ at }: { at: string }) {
  return <time dateTime={at} title={formatTime(at)}>{`${age(Date.parse(at))} ago`}</time>;
}
