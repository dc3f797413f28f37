import { useRef, useState } from 'preact/hooks';
import { LEVELS, type Level } from '../state/broadcasts.js';
import { broadcast } from '../state/commands.js';
import { useUnsaved } from '../state/unsaved.js';
import { notBlank, toMessages } from '../ui/checks.js';
import { Confirm } from '../ui/confirm.js';
import { Field } from '../ui/field.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { useFormErrors } from '../ui/use-form-errors.js';

type Name = 'message' | 'level';

const POINTERS: Readonly<Record<Name, string>> = { message: '/message', level: '/level' };
const MAX_MESSAGE_LENGTH = 4096;

/** Says something to everybody who is connected. */
export function Composer() {
  const [message, setMessage] = useState('');
  const [level, setLevel] = useState<Level>('info');
  const [isAsking, setIsAsking] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const [isSent, setIsSent] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { messages, error, show, showFailure } = useFormErrors(form, POINTERS);
  useUnsaved('broadcast', message !== '');

  async function send(): Promise<void> {
    setIsSending(true);
    try {
      await broadcast({ message, level });
      setMessage('');
      setLevel('info');
      setIsSent(true);
    } catch (cause) {
      showFailure(cause);
    }
    setIsSending(false);
  }

  function submit(): void {
    if (isSending) return;
    const wrong = toMessages<Name>({ message: notBlank('Enter a message.')(message) });
    show(wrong);
    setIsSent(false);
    if (Object.keys(wrong).length > 0) return;
    if (level === 'critical') setIsAsking(true);
    else void send();
  }

  return (
    <>
      <form
        ref={form}
        class="fields"
        aria-label="Broadcast"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h2>Broadcast</h2>
        <Field label="Message" message={messages.message}>
          {(control) => (
            <textarea
              {...control}
              value={message}
              required
              maxLength={MAX_MESSAGE_LENGTH}
              rows={2}
              onInput={({ currentTarget }) => {
                setMessage(currentTarget.value);
                setIsSent(false);
              }}
            />
          )}
        </Field>
        <Field label="Level" message={messages.level}>
          {(control) => (
            <select
              {...control}
              value={level}
              onChange={({ currentTarget }) => setLevel(currentTarget.value as Level)}
            >
              {LEVELS.toReversed().map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
        <button type="submit" aria-disabled={isSending}>
          Send to all connected users
        </button>
        {isSent && <p role="status">Sent to all connected users.</p>}
        {error && <ProblemNotice error={error} />}
      </form>
      {isAsking && (
        <Confirm
          question="Send this critical message to all connected users?"
          action="Send"
          onAnswer={(isConfirmed) => {
            setIsAsking(false);
            if (isConfirmed) void send();
          }}
        />
      )}
    </>
  );
}
