import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface ControlProps {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

interface FieldProps {
  readonly label: string;
  /** What is wrong with the value, in one sentence. */
  readonly message: string | undefined;
  readonly children: (control: ControlProps) => ComponentChildren;
}

/** A control with its label, and beside it what is wrong with its value. */
export function Field({ label, message, children }: FieldProps) {
  const id = useId();
  const messageId = `${id}-message`;
  const isWrong = message !== undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-invalid': isWrong, 'aria-describedby': isWrong ? messageId : undefined })}
      {isWrong && (
        <p id={messageId} class="field-message" role="alert">
          {message}
        </p>
      )}
    </div>
  );
}

/** Moves the focus to the first control of a form that is marked as wrong, once it is. */
export const focusFirstWrong = (form: HTMLFormElement): void =>
  void requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
