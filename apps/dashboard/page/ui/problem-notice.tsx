import type { RequestError } from '../state/requests.js';

const TITLES: Readonly<Record<number, string>> = {
  0: 'Not reachable',
  403: 'Not allowed',
  404: 'Not found',
  412: 'Changed by someone else',
  429: 'Too many requests',
};

/** `/metadata/alias` as `metadata alias`. */
const wordsOf = (pointer: string): string => pointer.split('/').filter(Boolean).join(' ');

/** What went wrong, field by field where the API says so. */
export function ProblemNotice({ error }: { error: RequestError }) {
  return (
    <div class="problem" role="alert">
      <strong>{TITLES[error.status] ?? `Refused (${error.status})`}</strong>
      <p>{error.message}</p>
      {error.fields.length > 0 && (
        <ul>
          {error.fields.map(({ pointer, message }) => (
            <li key={pointer + message}>{`${wordsOf(pointer)} ${message}`}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
