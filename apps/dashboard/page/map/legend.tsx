import type { Tone } from './marker.js';

const NAMES: Readonly<Record<Tone, string>> = {
  ai: 'AI on',
  on: 'Stream on',
  off: 'Stream and AI off',
  incident: 'Incident',
};

/** What the colours of a map's dots mean. */
export function Legend({ tones }: { tones: readonly Tone[] }) {
  return (
    <ul class="legend" aria-label="Legend">
      {tones.map((tone) => (
        <li key={tone}>
          <span class={`dot ${tone}`} aria-hidden="true" />
          {NAMES[tone]}
        </li>
      ))}
      <li>
        <span class="dot cluster" aria-hidden="true">
          9
        </span>
        Several, close together
      </li>
    </ul>
  );
}
