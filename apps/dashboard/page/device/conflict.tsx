import { differs, type Fields, LABELS, textOf } from './fields.js';

interface ConflictProps {
  /** What the edit began with. */
  readonly base: Fields;
  readonly mine: Fields;
  readonly theirs: Fields;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
}

/** What two people have made of the same device. */
export function Conflict({ base, mine, theirs, onKeepMine, onTakeTheirs }: ConflictProps) {
  const names = [...new Set([...differs(base, theirs), ...differs(base, mine)])];
  return (
    <section class="conflict" role="alert" aria-label="Changed meanwhile">
      <strong>Somebody else has changed this device meanwhile.</strong>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Was</th>
            <th scope="col">Is now</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">{LABELS[name]}</th>
              <td>{textOf(base[name])}</td>
              <td>{textOf(theirs[name])}</td>
              <td>{textOf(mine[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="actions">
        <button type="button" class="quiet" onClick={onTakeTheirs}>
          Take theirs
        </button>
        <button type="button" onClick={onKeepMine}>
          Save mine over it
        </button>
      </div>
    </section>
  );
}
