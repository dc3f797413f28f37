import { useLayoutEffect, useRef } from 'preact/hooks';

export interface ConfirmProps {
  readonly question: string;
  readonly action: string;
  /** Default: `Cancel`. */
  readonly cancel?: string;
  /** Called once; with false also for Escape. */
  readonly onAnswer: (isConfirmed: boolean) => void;
}

const YES = 'yes';

/** Asks before what cannot be undone. Closing gives the focus back to where it was. */
export function Confirm({ question, action, cancel = 'Cancel', onAnswer }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-label={question}
      onClose={(event) => onAnswer(event.currentTarget.returnValue === YES)}
    >
      <p>{question}</p>
      <form method="dialog" class="actions">
        <button type="submit" class="quiet">
          {cancel}
        </button>
        <button type="submit" class="danger" value={YES}>
          {action}
        </button>
      </form>
    </dialog>
  );
}
