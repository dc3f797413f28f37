import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Gives the handlers of a box, and the ref of an element that gets the focus when the control of the box that had it is
 * removed.
 * @param change What is another value whenever controls may have been removed.
 */
export function useHeldFocus<E extends HTMLElement>(change: unknown) {
  const holder = useRef<E>(null);
  const isWithin = useRef(false);
  useLayoutEffect(() => {
    if (isWithin.current && document.activeElement === document.body) holder.current?.focus();
  }, [change]);
  return {
    holder,
    onFocusIn: () => {
      isWithin.current = true;
    },
    onFocusOut: ({ relatedTarget }: FocusEvent) => {
      // Without another element, the focused one was removed, or the user clicked beside the box.
      if (relatedTarget) isWithin.current = false;
    },
  };
}
