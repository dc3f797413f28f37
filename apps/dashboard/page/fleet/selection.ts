import { signal } from '@preact/signals';

/** Serial numbers of the devices that are ticked. */
export const selection = signal<ReadonlySet<string>>(new Set());

export function select(serialNumbers: readonly string[], isSelected: boolean): void {
  const next = new Set(selection.value);
  for (const serialNumber of serialNumbers) {
    if (isSelected) next.add(serialNumber);
    else next.delete(serialNumber);
  }
  selection.value = next;
}

export const clearSelection = (): void => {
  selection.value = new Set();
};
