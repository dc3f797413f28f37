import type { Drone } from '@dronecast/client';
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { change } from '../state/commands.js';
import { droneOf, fleetState, readFleet } from '../state/fleet.js';
import { toRequestError } from '../state/requests.js';
import { mayUse } from '../state/session.js';
import { useUnsaved } from '../state/unsaved.js';
import { type ControlProps, Field } from '../ui/field.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { useFormErrors } from '../ui/use-form-errors.js';
import { useHeldFocus } from '../ui/use-held-focus.js';
import { ClassPicker } from './class-picker.js';
import { Conflict } from './conflict.js';
import {
  check,
  differs,
  type FieldName,
  type Fields,
  fieldsOf,
  LABELS,
  POINTERS,
  toPatch,
} from './fields.js';

const LINES: readonly FieldName[] = ['deviceName', 'alias', 'streamUrl', 'webRTCUrl'];
const TEXTS: readonly FieldName[] = ['description', 'cameras'];
const CATEGORIES: readonly Drone['deviceCategory'][] = ['DRONE', 'BODY CAM', 'CCTV'];

interface EditFormProps {
  readonly serialNumber: string;
  /** Undefined when no device has the serial number. Unsaved edits of a deleted device stay, so that they can be copied. */
  readonly drone: Drone | undefined;
}

/** Edits a copy of the device. Saves the fields that were changed, unless someone else has changed the device since. */
export function EditForm({ serialNumber, drone }: EditFormProps) {
  /** What the edit began with. While nothing is edited, the form follows the device. */
  const [base, setBase] = useState<Drone>();
  const [edited, setEdited] = useState<Fields>();
  const [isSaving, setIsSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { messages, error, show, showFailure, forget } = useFormErrors(form, POINTERS);
  const isConflict = error?.status === 412;
  const isEdited = base !== undefined && edited !== undefined && differs(fieldsOf(base), edited).length > 0;
  useUnsaved(`device ${serialNumber}`, isEdited);
  // The buttons come and go with the edit and the conflict.
  const keepFocus = useHeldFocus(form, `${isEdited} ${isConflict}`);
  const shown = drone ?? (isEdited ? base : undefined);
  if (!shown) return null;

  const fields = edited ?? fieldsOf(shown);
  const isReadOnly = !mayUse('drones:write') || !drone;
  const isDeleted = !drone && fleetState.value === 'right';

  const edit = (name: FieldName, value: Fields[FieldName]): void => {
    // What is shown may be a moment older than what is known.
    const begun = base ?? droneOf(serialNumber) ?? shown;
    setBase(begun);
    setEdited({ ...(edited ?? fieldsOf(begun)), [name]: value });
    forget(name);
  };
  const discard = (): void => {
    setBase(undefined);
    setEdited(undefined);
    show({});
  };

  async function save(onto: Drone): Promise<void> {
    if (!base || !edited) return;
    const wrong = check(fieldsOf(base), edited);
    show(wrong, error);
    if (Object.keys(wrong).length > 0) return;
    setIsSaving(true);
    try {
      await change(serialNumber, toPatch(fieldsOf(base), edited), onto);
      discard();
    } catch (cause) {
      // The event may be later than the refusal that tells of the same change.
      if (toRequestError(cause).status === 412 && droneOf(serialNumber) === onto) await readFleet();
      showFailure(cause);
    }
    setIsSaving(false);
  }

  const textField = (name: FieldName, render: (control: ControlProps & TextProps) => VNode) => (
    <Field key={name} label={LABELS[name]} message={messages[name]}>
      {(control) =>
        render({
          ...control,
          value: fields[name] as string,
          readOnly: isReadOnly,
          onInput: (event) => edit(name, event.currentTarget.value),
        })
      }
    </Field>
  );

  return (
    <form
      ref={form}
      tabIndex={-1}
      class="fields"
      aria-label="Edit"
      {...keepFocus}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (base) void save(base);
      }}
    >
      {isDeleted && (
        <div class="problem" role="alert">
          <strong>This device was deleted while you were editing.</strong>
          <p>Your changes cannot be saved. Copy what you need, then discard them.</p>
        </div>
      )}
      {LINES.map((name) => textField(name, (control) => <input {...control} />))}
      <Field label={LABELS.deviceCategory} message={messages.deviceCategory}>
        {(control) => (
          <select
            {...control}
            value={fields.deviceCategory}
            disabled={isReadOnly}
            onChange={(event) => edit('deviceCategory', event.currentTarget.value)}
          >
            {CATEGORIES.map((category) => (
              <option key={category}>{category}</option>
            ))}
          </select>
        )}
      </Field>
      {TEXTS.map((name) => textField(name, (control) => <textarea rows={2} {...control} />))}
      <ClassPicker
        chosen={fields.detectionClasses}
        isReadOnly={isReadOnly}
        onChange={(classes) => edit('detectionClasses', classes)}
      />
      {isConflict && base && edited && drone ? (
        <Conflict
          base={fieldsOf(base)}
          mine={edited}
          theirs={fieldsOf(drone)}
          onOverwrite={() => save(drone)}
          onDiscard={discard}
        />
      ) : (
        error && <ProblemNotice error={error} />
      )}
      {isEdited && !(isConflict && drone) && (
        <div class="actions">
          <button type="button" class="quiet" onClick={discard}>
            Discard
          </button>
          {drone && (
            <button type="submit" disabled={isSaving}>
              Save
            </button>
          )}
        </div>
      )}
    </form>
  );
}

/** What an input and a textarea have in common. */
interface TextProps {
  readonly value: string;
  readonly readOnly: boolean;
  readonly onInput: (event: { readonly currentTarget: { readonly value: string } }) => void;
}
