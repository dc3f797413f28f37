import type { Drone } from '@dronecast/client';
import { useState } from 'preact/hooks';
import { change } from '../state/commands.js';
import { droneOf, readFleet } from '../state/fleet.js';
import { type RequestError, toRequestError } from '../state/requests.js';
import { mayUse } from '../state/session.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { ClassPicker } from './class-picker.js';
import { Conflict } from './conflict.js';
import { differs, type FieldName, type Fields, fieldsOf, LABELS, toPatch } from './fields.js';

const LINES: readonly FieldName[] = ['deviceName', 'alias', 'streamUrl', 'webRTCUrl'];
const TEXTS: readonly FieldName[] = ['description', 'cameras'];
const CATEGORIES: readonly Drone['deviceCategory'][] = ['DRONE', 'BODY CAM', 'CCTV'];

/** Edits a copy; saves what was changed of it, unless somebody else was faster. */
export function EditForm({ drone }: { drone: Drone }) {
  /** What the edit began with. While nothing is edited, the form follows the device. */
  const [base, setBase] = useState<Drone>();
  const [edited, setEdited] = useState<Fields>();
  const [error, setError] = useState<RequestError>();
  const [isSaving, setIsSaving] = useState(false);
  const fields = edited ?? fieldsOf(drone);
  const isEdited = base !== undefined && edited !== undefined && differs(fieldsOf(base), edited).length > 0;
  const isReadOnly = !mayUse('drones:write');

  const edit = (name: FieldName, value: Fields[FieldName]): void => {
    // What is shown may be a moment older than what is known.
    const begun = base ?? droneOf(drone.deviceSerialNumber) ?? drone;
    setBase(begun);
    setEdited({ ...(edited ?? fieldsOf(begun)), [name]: value });
  };
  const leave = (): void => {
    setBase(undefined);
    setEdited(undefined);
    setError(undefined);
  };

  async function save(onto: Drone): Promise<void> {
    if (!base || !edited) return;
    setIsSaving(true);
    try {
      await change(drone.deviceSerialNumber, toPatch(fieldsOf(base), edited), onto);
      leave();
    } catch (cause) {
      const refused = toRequestError(cause);
      // The event may be later than the refusal that tells of the same change.
      if (refused.status === 412 && droneOf(drone.deviceSerialNumber) === onto) await readFleet();
      setError(refused);
    }
    setIsSaving(false);
  }

  return (
    <form
      class="fields"
      aria-label="Edit"
      onSubmit={(event) => {
        event.preventDefault();
        if (base) void save(base);
      }}
    >
      {LINES.map((name) => (
        <label key={name}>
          {LABELS[name]}
          <input
            value={fields[name] as string}
            readOnly={isReadOnly}
            onInput={(event) => edit(name, event.currentTarget.value)}
          />
        </label>
      ))}
      <label>
        {LABELS.deviceCategory}
        <select
          value={fields.deviceCategory}
          disabled={isReadOnly}
          onChange={(event) => edit('deviceCategory', event.currentTarget.value)}
        >
          {CATEGORIES.map((category) => (
            <option key={category}>{category}</option>
          ))}
        </select>
      </label>
      {TEXTS.map((name) => (
        <label key={name}>
          {LABELS[name]}
          <textarea
            rows={2}
            value={fields[name] as string}
            readOnly={isReadOnly}
            onInput={(event) => edit(name, event.currentTarget.value)}
          />
        </label>
      ))}
      <ClassPicker
        chosen={fields.detectionClasses}
        isReadOnly={isReadOnly}
        onChange={(classes) => edit('detectionClasses', classes)}
      />
      {error?.status === 412 && base && edited ? (
        <Conflict
          base={fieldsOf(base)}
          mine={edited}
          theirs={fieldsOf(drone)}
          onKeepMine={() => save(drone)}
          onTakeTheirs={leave}
        />
      ) : (
        error && <ProblemNotice error={error} />
      )}
      {isEdited && error?.status !== 412 && (
        <div class="actions">
          <button type="button" class="quiet" onClick={leave}>
            Discard
          </button>
          <button type="submit" disabled={isSaving}>
            Save
          </button>
        </div>
      )}
    </form>
  );
}
