import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** A field in which Escape takes back what was typed. */
const isFilledSearch = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.type === 'search' && target.value !== '';

/** Where the focus goes when the layer closes: to what opened it or, when that is gone, to the device's row. */
function focusAfter(opener: Element | null, serialNumber: string): void {
  const row = document.querySelector<HTMLElement>(`tr[data-sn="${CSS.escape(serialNumber)}"] button`);
  const isUseful = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
  const target = isUseful
    ? opener
    : (row ?? document.querySelector<HTMLElement>('[aria-label="Table of devices"]'));
  target?.focus();
}

/** Closes a layer of the page with Escape, unless a dialog lies above it, and gives the focus back when it closes. */
export function useLayer(box: RefObject<HTMLElement | null>, serialNumber: string, close: () => void): void {
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || document.querySelector('dialog[open]')) return;
      if (isFilledSearch(event.target)) return;
      event.preventDefault(); // The same key press would close a dialog that closing opens.
      close();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      const { activeElement } = document;
      const isWithin = box.current?.contains(activeElement) ?? true;
      if (isWithin || activeElement === document.body) focusAfter(opener, serialNumber);
    };
  }, []);
}
