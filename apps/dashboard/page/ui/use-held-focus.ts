import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Moves the focus to `holder` when the control of a box that had it is removed. Returns the handlers of the box.
 * @param change Another value whenever controls may have been removed.
 */
export function useHeldFocus(holder: RefObject<HTMLElement | null>, change: unknown) {
  const isWithin = useRef(false);
  useLayoutEffect(() => {
    if (isWithin.current && document.activeElement === document.body) holder.current?.focus();
  }, [change]);
  return {
    onFocusIn: () => {
      isWithin.current = true;
    },
    onFocusOut: ({ relatedTarget }: FocusEvent) => {
      // No element takes the focus when the focused one is removed, or when the user clicks beside the box.
      if (relatedTarget) isWithin.current = false;
    },
  };
}
