import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

export interface Virtual {
  /** The rows that are in sight, and a few around them. */
  readonly rows: readonly VirtualItem[];
  /** Of all rows, in pixels. */
  readonly height: number;
}

/** Which of many rows of one height to render in a box that scrolls. */
export function useVirtual(box: RefObject<HTMLElement | null>, count: number, rowHeight: number): Virtual {
  const [, rerender] = useReducer((round: number) => round + 1, 0);
  const virtualizer = useRef<Virtualizer<HTMLElement, HTMLElement>>(undefined);
  const options = {
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => rerender(undefined),
  };
  virtualizer.current ??= new Virtualizer(options);
  const { current } = virtualizer;
  current.setOptions(options);
  useLayoutEffect(() => current._didMount(), []);
  useLayoutEffect(() => current._willUpdate());
  return { rows: current.getVirtualItems(), height: current.getTotalSize() };
}
