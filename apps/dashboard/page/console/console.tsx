import { type Item, isForeign, isGap } from '@dronecast/client';
import { useEffect, useState } from 'preact/hooks';
import { heard, heardCount } from '../state/history.js';
import { param } from '../state/place.js';
import { SearchField } from '../ui/search-field.js';
import { endReplay, replay, resumeFrom } from './replay.js';

const SHOWN = 200;

function headOf(item: Item): string {
  if (isGap(item)) return `${item.event} ${item.data.reason}`;
  if (isForeign(item)) return `foreign ${item.channel}`;
  return `${item.event} ${item.channel}${'revision' in item ? ` rev ${item.revision}` : ''}`;
}

const idOf = (item: Item): string | undefined => ('id' in item ? item.id : undefined);

function Frame({ item }: { item: Item }) {
  const [isOpen, setIsOpen] = useState(false);
  const id = idOf(item);
  return (
    <li>
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>{headOf(item)}</summary>
        {isOpen && <pre tabIndex={0}>{JSON.stringify(item, undefined, 2)}</pre>}
        {isOpen && id !== undefined && (
          <button type="button" class="quiet" onClick={() => resumeFrom(id)}>
            Resume from here
          </button>
        )}
      </details>
    </li>
  );
}

/** The frames as they come; or as they would have come since an id. */
export function Console() {
  const [paused, setPaused] = useState<readonly Item[]>();
  useEffect(() => endReplay, []);
  const sought = param('frames').toLowerCase();
  const all = paused ?? replay.value?.items ?? heard.value.map(({ item }) => item);
  const items = all.filter((item) => !sought || JSON.stringify(item).toLowerCase().includes(sought));
  return (
    <section class="console" aria-label="Frames">
      <div class="filters">
        <SearchField label="Filter" placeholder="Text in a frame" name="frames" />
        <form
          class="inline"
          onSubmit={(event) => {
            event.preventDefault();
            resumeFrom(String(new FormData(event.currentTarget).get('since')).trim());
          }}
        >
          <label>
            Resume from id
            <input name="since" required autoComplete="off" spellcheck={false} />
          </label>
          <button type="submit">Resume</button>
        </form>
        <button
          type="button"
          class="quiet"
          aria-pressed={paused !== undefined}
          onClick={() => setPaused(paused ? undefined : all)}
        >
          {paused ? 'Go on' : 'Pause'}
        </button>
      </div>
      {replay.value && (
        <p role="status">
          {`Replayed since ${replay.value.since}: ${replay.value.items.length}. `}
          <button type="button" class="quiet" onClick={endReplay}>
            Back to the present
          </button>
        </p>
      )}
      <p class="hint">{`${heardCount.value} frames since this page was opened; the newest ${Math.min(SHOWN, items.length)} of ${items.length} that fit are shown.`}</p>
      <ol class="frames">
        {items.slice(0, SHOWN).map((item, index) => (
          <Frame key={idOf(item) ?? `${headOf(item)} ${items.length - index}`} item={item} />
        ))}
      </ol>
    </section>
  );
}
