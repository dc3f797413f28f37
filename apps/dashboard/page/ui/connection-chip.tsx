import { age, now } from '../state/clock.js';
import { fleetState } from '../state/fleet.js';
import { awaySince, connection, replayed } from '../state/live.js';
import { heardAt, isLate } from '../state/pulse.js';
import { rightAt } from '../state/staleness.js';

const RESTARTING = 'the relay is restarting';
/** The age of what is shown is told from here on. */
const SHOWN_AGE_MS = 5000;

const NAMES = { ws: 'Live', sse: 'Live by SSE', poll: 'Polling' };

interface Description {
  /** A word for the style. */
  readonly tone: 'good' | 'busy' | 'bad';
  /** How what is shown relates to what is. */
  readonly text: string;
  /** How old it is, where that matters. */
  readonly detail?: string | undefined;
}

/** `Last heard 7 s ago`, when that is some time ago. */
function lastHeard(): string | undefined {
  const since = heardAt.value;
  if (since !== undefined && now.value - since >= SHOWN_AGE_MS) return `Last heard ${age(since)} ago`;
  return isLate.value ? 'The relay answers late' : undefined;
}

/** `Last update 13 s ago`, be it by an event or by REST. */
const lastUpdate = (): string | undefined =>
  rightAt.value === undefined ? undefined : `Last update ${age(rightAt.value)} ago`;

function describe(): Description {
  const status = connection.value;
  if (status.state === 'live') {
    const detail = lastHeard();
    const text = `${NAMES[status.transport]}${replayed.value > 0 ? ` · ${replayed.value} replayed` : ''}`;
    if (isLate.value) return { tone: 'busy', text, detail };
    if (fleetState.value === 'reading') return { tone: 'busy', text: 'Re-reading after a gap' };
    return { tone: status.transport === 'poll' ? 'busy' : 'good', text, detail };
  }
  if (status.state === 'closed') return { tone: 'bad', text: 'No live events, read by REST' };
  // A connection that is tried again and again would change the text each time.
  const isAway = now.value - (awaySince.value ?? now.value) >= SHOWN_AGE_MS;
  if (isAway || (status.state === 'offline' && status.error.message !== RESTARTING))
    return { tone: 'bad', text: 'Not live', detail: lastUpdate() };
  if (status.state === 'offline') return { tone: 'busy', text: 'Relay draining, resuming soon' };
  return { tone: 'busy', text: status.state === 'resuming' ? 'Resuming' : 'Connecting' };
}

export function ConnectionChip() {
  const { tone, text, detail } = describe();
  return (
    <>
      <span class={`chip ${tone}`} data-state={connection.value.state}>
        {/* Only this is read out when it changes: the age does so each second. */}
        <span role="status">{text}</span>
        {detail !== undefined && `. ${detail}`}
      </span>
      <span role="status" class="for-ears">
        {isLate.value && 'The relay does not answer.'}
      </span>
    </>
  );
}
