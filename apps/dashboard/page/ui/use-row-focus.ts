import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Where the focus is among rows with a `data-sn`: in which row, and which of its controls. */
interface Spot {
  readonly serialNumber: string;
  readonly index: number;
}

const CONTROLS = 'input, button, a[href]';

function spotOf(element: Element): Spot | undefined {
  const row = element.closest<HTMLElement>('[data-sn]');
  const index = row ? [...row.querySelectorAll(CONTROLS)].indexOf(element) : -1;
  return row && index >= 0 ? { serialNumber: row.dataset.sn as string, index } : undefined;
}

/**
 * Keeps the focus in its row when the rows are put in another order: an element that is moved loses it. Gives the handlers
 * of the box that the rows are in.
 */
export function useRowFocus(box: RefObject<HTMLElement | null>) {
  const spot = useRef<Spot>(undefined);
  useLayoutEffect(() => {
    if (!spot.current || document.activeElement !== document.body) return;
    const { serialNumber, index } = spot.current;
    const row = box.current?.querySelector(`[data-sn="${CSS.escape(serialNumber)}"]`);
    row?.querySelectorAll<HTMLElement>(CONTROLS)[index]?.focus({ preventScroll: true });
  });
  return {
    onFocusIn(event: FocusEvent) {
      spot.current = spotOf(event.target as Element);
    },
    onFocusOut(event: FocusEvent) {
      // No element takes the focus when the focused one is moved or removed, or when the user clicks beside the rows.
      if (event.relatedTarget) spot.current = undefined;
    },
    onPointerDown() {
      spot.current = undefined;
    },
  };
}
