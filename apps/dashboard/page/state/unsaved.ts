import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/** Names of the forms with changes that are not saved. */
let forms: ReadonlySet<string> = new Set();

/** The step that waits until the user has decided about the changes. */
export const waiting = signal<() => void>();

export const hasUnsaved = (): boolean => forms.size > 0;

function mark(form: string, isUnsaved: boolean): void {
  const next = new Set(forms);
  if (isUnsaved) next.add(form);
  else next.delete(form);
  forms = next;
}

/** Tells whether a form has changes that are not saved, for as long as it is rendered. */
export function useUnsaved(form: string, isUnsaved: boolean): void {
  useLayoutEffect(() => {
    mark(form, isUnsaved);
    return () => mark(form, false);
  }, [form, isUnsaved]);
}

/** Takes a step that loses unsaved changes. Asks first when there are any. */
export function leave(work: () => void): void {
  if (hasUnsaved()) waiting.value = work;
  else work();
}

export function decide(isDiscarded: boolean): void {
  const work = waiting.value;
  waiting.value = undefined;
  if (!isDiscarded) return;
  forms = new Set();
  work?.();
}

// The browser asks in its own words.
addEventListener('beforeunload', (event) => {
  if (hasUnsaved()) event.preventDefault();
});
