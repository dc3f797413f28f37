import { differs, type Fields, LABELS, textOf } from './fields.js';

interface ConflictProps {
  /** What the edit began with. */
  readonly base: Fields;
  readonly mine: Fields;
  readonly theirs: Fields;
  readonly onOverwrite: () => void;
  readonly onDiscard: () => void;
}

/** Shows the fields that this user edited as they were, as they are now, and as edited. Saving overwrites only these. */
export function Conflict({ base, mine, theirs, onOverwrite, onDiscard }: ConflictProps) {
  const edited = differs(base, mine);
  const kept = differs(base, theirs).filter((name) => !edited.includes(name));
  return (
    <section class="conflict" role="alert" aria-label="Edit conflict">
      <strong>Someone else changed this device while you were editing.</strong>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Before</th>
            <th scope="col">Now</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {edited.map((name) => (
            <tr key={name}>
              <th scope="row">{LABELS[name]}</th>
              <td>{textOf(base[name])}</td>
              <td>{textOf(theirs[name])}</td>
              <td>{textOf(mine[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {kept.length > 0 && (
        <p>{`Their changes to other fields are kept: ${kept.map((name) => LABELS[name]).join(', ')}.`}</p>
      )}
      <div class="actions">
        <button type="button" class="quiet" onClick={onDiscard}>
          Discard my changes
        </button>
        <button type="button" onClick={onOverwrite}>
          Overwrite with mine
        </button>
      </div>
    </section>
  );
}
