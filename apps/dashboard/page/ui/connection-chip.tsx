import { age, now } from '../state/clock.js';
import { fleetState, readAt } from '../state/fleet.js';
import { awaySince, connection, replayed } from '../state/live.js';

const RESTARTING = 'the relay is restarting';
const clockTime = (ms: number): string => new Date(ms).toLocaleTimeString();

/** How what is shown relates to what is, in a word for the style and in words for people. */
function describe(): { tone: 'good' | 'busy' | 'bad'; text: string } {
  const status = connection.value;
  if (status.state === 'live') {
    if (fleetState.value === 'reading') return { tone: 'busy', text: 'Re-reading after a gap' };
    const more = replayed.value > 0 ? ` · ${replayed.value} replayed` : '';
    if (status.transport === 'ws') return { tone: 'good', text: `Live${more}` };
    if (status.transport === 'sse') return { tone: 'good', text: `Live by SSE${more}` };
    return { tone: 'busy', text: `Polling${more}` };
  }
  if (status.state === 'resuming') return { tone: 'busy', text: 'Resuming' };
  if (status.state === 'closed') return { tone: 'bad', text: 'No live events, read by REST' };
  if (status.state !== 'offline') return { tone: 'busy', text: 'Connecting' };
  if (status.error.message === RESTARTING) return { tone: 'busy', text: 'Relay draining, resuming soon' };
  const since = awaySince.value ?? now.value;
  const rest = readAt.value > since ? ` · read by REST ${age(readAt.value)} ago` : '';
  return { tone: 'bad', text: `Offline since ${clockTime(since)}${rest}` };
}

export function ConnectionChip() {
  const { tone, text } = describe();
  return (
    <span class={`chip ${tone}`} role="status" data-state={connection.value.state}>
      {text}
    </span>
  );
}
