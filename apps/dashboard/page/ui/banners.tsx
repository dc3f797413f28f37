import { useRef, useState } from 'preact/hooks';
import { type Broadcast, broadcasts, dismiss } from '../state/broadcasts.js';
import { formatNumber } from '../state/number.js';
import { formatTime } from '../state/time.js';
import { useHeldFocus } from './use-held-focus.js';

const SHOWN = 3;

function Banner({ broadcast: { id, actor, data, timestamp } }: { broadcast: Broadcast }) {
  return (
    <div class={`banner ${data.level}`} role={data.level === 'critical' ? 'alert' : undefined}>
      <strong>{data.level}</strong>
      <span>{data.message}</span>
      <small>
        {actor !== undefined && `From ${actor}, `}
        <time dateTime={timestamp}>{formatTime(timestamp)}</time>
      </small>
      <button type="button" class="quiet" aria-label={`Dismiss: ${data.message}`} onClick={() => dismiss(id)}>
        Dismiss
      </button>
    </div>
  );
}

/** Broadcasts that were not dismissed in this browser: the most urgent, and on demand all. */
export function Banners() {
  const [isOpen, setIsOpen] = useState(false);
  const all = broadcasts.value;
  const hidden = all.length - SHOWN;
  const holder = useRef<HTMLElement>(null);
  const keepFocus = useHeldFocus(holder, all.length);
  return (
    <section
      ref={holder}
      tabIndex={-1}
      class="banners"
      aria-label="Broadcasts"
      aria-live="polite"
      {...keepFocus}
    >
      {(isOpen ? all : all.slice(0, SHOWN)).map((broadcast) => (
        <Banner key={broadcast.id} broadcast={broadcast} />
      ))}
      {hidden > 0 && (
        <button
          type="button"
          class="quiet more"
          aria-expanded={isOpen}
          aria-label={isOpen ? undefined : `Show ${formatNumber(hidden)} more broadcasts`}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? 'Show fewer' : `+${formatNumber(hidden)} more`}
        </button>
      )}
    </section>
  );
}
