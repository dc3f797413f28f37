import { useEffect, useRef } from 'preact/hooks';

export interface ConfirmProps {
  readonly question: string;
  readonly action: string;
  readonly onAnswer: (isConfirmed: boolean) => void;
}

/** Asks before what cannot be undone. */
export function Confirm({ question, action, onAnswer }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-label={question} onCancel={() => onAnswer(false)}>
      <p>{question}</p>
      <div class="actions">
        <button type="button" class="quiet" onClick={() => onAnswer(false)}>
          Cancel
        </button>
        <button type="button" class="danger" onClick={() => onAnswer(true)}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
