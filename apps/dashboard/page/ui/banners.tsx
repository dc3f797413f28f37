import { broadcasts, dismiss } from '../state/broadcasts.js';

const SHOWN = 3;

/** Broadcasts that nobody has dismissed. */
export function Banners() {
  return (
    <section aria-label="Broadcasts" aria-live="polite">
      {broadcasts.value.slice(0, SHOWN).map(({ id, data, timestamp }) => (
        <div key={id} class={`banner ${data.level}`}>
          <strong>{data.level}</strong>
          <span>{data.message}</span>
          <time dateTime={timestamp}>{new Date(timestamp).toLocaleTimeString()}</time>
          <button
            type="button"
            class="quiet"
            aria-label={`Dismiss: ${data.message}`}
            onClick={() => dismiss(id)}
          >
            Dismiss
          </button>
        </div>
      ))}
    </section>
  );
}
