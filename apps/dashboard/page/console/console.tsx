import { type Item, isForeign, isGap } from '@dronecast/client';
import { useEffect, useState } from 'preact/hooks';
import { type Heard, heard, heardCount } from '../state/history.js';
import { formatNumber } from '../state/number.js';
import { adjust, param } from '../state/place.js';
import { formatTime } from '../state/time.js';
import { SearchField } from '../ui/search-field.js';
import { FRAME_KINDS, frameKindOf } from './frame-kind.js';
import { endReplay, replay, replayFrom } from './replay.js';

const SHOWN = 200;

function headOf(item: Item): string {
  if (isGap(item)) return `${item.event} ${item.data.reason}`;
  if (isForeign(item)) return `foreign ${item.channel}`;
  return `${item.event} ${item.channel}${'revision' in item ? ` rev ${item.revision}` : ''}`;
}

const idOf = (item: Item): string | undefined => ('id' in item ? item.id : undefined);

/** In milliseconds since 1970: when an event was committed; when anything else was received. */
const timeOf = ({ at, item }: Heard): number => ('timestamp' in item ? Date.parse(item.timestamp) : at);

const texts = new WeakMap<Item, string>();

/** All that can be searched for, in lower case. */
function textOf(item: Item): string {
  let text = texts.get(item);
  if (text === undefined) {
    text = JSON.stringify(item).toLowerCase();
    texts.set(item, text);
  }
  return text;
}

function Frame({ frame }: { frame: Heard }) {
  const [isOpen, setIsOpen] = useState(false);
  const { item } = frame;
  const id = idOf(item);
  const time = timeOf(frame);
  return (
    <li>
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>
          <time dateTime={new Date(time).toISOString()}>{formatTime(time)}</time>{' '}
          <span class="head">{headOf(item)}</span>
        </summary>
        {isOpen && <pre tabIndex={0}>{JSON.stringify(item, undefined, 2)}</pre>}
        {isOpen && id !== undefined && (
          <button type="button" class="quiet" onClick={() => replayFrom(id)}>
            Replay from here
          </button>
        )}
      </details>
    </li>
  );
}

function KindChoice() {
  return (
    <label>
      Kind
      <select value={param('kind')} onChange={(event) => adjust({ kind: event.currentTarget.value })}>
        <option value="">Any</option>
        {Object.entries(FRAME_KINDS).map(([kind, name]) => (
          <option key={kind} value={kind}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The frames as they arrive, or as they arrived after a cursor. */
export function Console() {
  const [paused, setPaused] = useState<readonly Heard[]>();
  useEffect(() => endReplay, []);
  const sought = param('frames').toLowerCase();
  const kind = param('kind');
  const all = paused ?? replay.value?.frames ?? heard.value;
  const frames = all.filter(
    ({ item }) =>
      (kind === '' || frameKindOf(item) === kind) && (sought === '' || textOf(item).includes(sought)),
  );
  const shown = Math.min(SHOWN, frames.length);
  return (
    <section class="console" aria-label="Frames">
      <div class="filters">
        <SearchField label="Filter" placeholder="Text in a frame" name="frames" />
        <KindChoice />
        <form
          class="inline"
          onSubmit={(event) => {
            event.preventDefault();
            replayFrom(String(new FormData(event.currentTarget).get('cursor')).trim());
          }}
        >
          <label>
            Cursor
            <input name="cursor" required autoComplete="off" spellcheck={false} />
          </label>
          <button type="submit">Replay from cursor</button>
        </form>
        <button type="button" class="quiet" onClick={() => setPaused(paused ? undefined : all)}>
          {paused ? 'Resume' : 'Pause'}
        </button>
      </div>
      {replay.value && (
        <p role="status">
          {`Replayed after ${replay.value.since}: ${formatNumber(replay.value.frames.length)}. `}
          <button type="button" class="quiet" onClick={endReplay}>
            Back to live frames
          </button>
        </p>
      )}
      <p class="hint">
        {`${formatNumber(heardCount.value)} frames since this page was opened. Shown: the newest ${formatNumber(shown)} of ${formatNumber(frames.length)} that match.`}
      </p>
      <ol class="frames">
        {frames.slice(0, SHOWN).map((frame) => (
          <Frame key={frame.number} frame={frame} />
        ))}
      </ol>
    </section>
  );
}
