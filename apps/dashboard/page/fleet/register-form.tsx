import { isNewSerialNumber, MAX_NAME_LENGTH } from '@dronecast/events';
import { useRef, useState } from 'preact/hooks';
import { register } from '../state/commands.js';
import { mayUse } from '../state/session.js';
import { useUnsaved } from '../state/unsaved.js';
import { notBlank, toMessages } from '../ui/checks.js';
import { Field } from '../ui/field.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { useFormErrors } from '../ui/use-form-errors.js';

type Name = 'serialNumber' | 'name' | 'category';

const POINTERS: Readonly<Record<Name, string>> = {
  serialNumber: '/deviceSerialNumber',
  name: '/deviceName',
  category: '/deviceCategory',
};
const MAX_DEVICE_NAME_LENGTH = 200;

function checkSerialNumber(text: string): string | undefined {
  if (text === '') return 'Enter a serial number.';
  if (isNewSerialNumber(text)) return undefined;
  return 'Use letters, digits, . _ - : / @ + # and single spaces; begin and end with a letter or digit. "all" is reserved.';
}

export function RegisterForm() {
  const [isFilled, setIsFilled] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { messages, error, show, showFailure } = useFormErrors(form, POINTERS);
  useUnsaved('registration', isFilled);
  if (!mayUse('drones:write')) return <p class="hint">Your token does not allow registering devices.</p>;

  const value = (name: Name): string =>
    String(new FormData(form.current ?? undefined).get(name) ?? '').trim();

  async function submit(): Promise<void> {
    const wrong = toMessages<Name>({
      serialNumber: checkSerialNumber(value('serialNumber')),
      name: notBlank('Enter a name.')(value('name')),
    });
    show(wrong);
    if (Object.keys(wrong).length > 0) return;
    const sent = {
      deviceSerialNumber: value('serialNumber'),
      deviceName: value('name'),
      deviceCategory: value('category'),
    };
    try {
      await register(sent);
      // The user may have begun to type the next one.
      if (value('serialNumber') !== sent.deviceSerialNumber) return;
      form.current?.reset();
      setIsFilled(false);
    } catch (cause) {
      showFailure(cause);
    }
  }

  return (
    <form
      ref={form}
      class="fields"
      aria-label="Register a device"
      noValidate
      onInput={() => setIsFilled(value('serialNumber') !== '' || value('name') !== '')}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field label="Serial number" message={messages.serialNumber}>
        {(control) => (
          <input {...control} name="serialNumber" required maxLength={MAX_NAME_LENGTH} autoComplete="off" />
        )}
      </Field>
      <Field label="Name" message={messages.name}>
        {(control) => (
          <input {...control} name="name" required maxLength={MAX_DEVICE_NAME_LENGTH} autoComplete="off" />
        )}
      </Field>
      <Field label="Category" message={messages.category}>
        {(control) => (
          <select {...control} name="category">
            <option value="DRONE">Drone</option>
            <option value="BODY CAM">Body cam</option>
            <option value="CCTV">CCTV</option>
          </select>
        )}
      </Field>
      <button type="submit">Register</button>
      {error && <ProblemNotice error={error} />}
    </form>
  );
}
