import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { RequestError, toRequestError } from '../state/requests.js';
import { type Messages, sortErrors } from './checks.js';
import { focusFirstWrong } from './field.js';

/**
 * What is wrong in a form: a message beside each field, and `error` for what concerns no field.
 * @param pointers Where the API finds each field.
 */
export function useFormErrors<F extends string>(
  form: RefObject<HTMLFormElement | null>,
  pointers: Readonly<Record<F, string>>,
) {
  const [messages, setMessages] = useState({} as Messages<F>);
  const [error, setError] = useState<RequestError>();

  /** Shows these instead of the former ones, and moves the focus to the first field that is wrong. */
  function show(found: Messages<F>, problem?: RequestError): void {
    setMessages(found);
    setError(problem);
    if (form.current) focusFirstWrong(form.current);
  }

  return {
    messages,
    error,
    show,

    /** Shows why a request failed. */
    showFailure(cause: unknown): void {
      const { message, status, fields } = toRequestError(cause);
      const { messages: found, others } = sortErrors(fields, pointers);
      const isAllShown = fields.length > 0 && others.length === 0;
      show(found, isAllShown ? undefined : new RequestError(message, status, others));
    },

    /** The field is being edited. */
    forget: (name: F): void => setMessages({ ...messages, [name]: undefined }),
  };
}
