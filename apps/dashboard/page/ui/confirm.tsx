import { useLayoutEffect, useRef } from 'preact/hooks';

export interface ConfirmProps {
  readonly question: string;
  readonly action: string;
  /** Default: `Cancel`. */
  readonly cancel?: string;
  /** Called with false also for Escape. */
  readonly onAnswer: (isConfirmed: boolean) => void;
}

/** Asks before what cannot be undone. */
export function Confirm({ question, action, cancel = 'Cancel', onAnswer }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);

  function answer(isConfirmed: boolean): void {
    dialog.current?.close(); // This gives the focus back to where it was.
    onAnswer(isConfirmed);
  }

  return (
    <dialog
      ref={dialog}
      aria-label={question}
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <p>{question}</p>
      <div class="actions">
        <button type="button" class="quiet" onClick={() => answer(false)}>
          {cancel}
        </button>
        <button type="button" class="danger" onClick={() => answer(true)}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
