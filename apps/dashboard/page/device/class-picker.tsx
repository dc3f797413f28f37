import { COCO_CLASSES } from '../state/coco.js';

interface ClassPickerProps {
  readonly chosen: readonly number[];
  readonly isReadOnly: boolean;
  readonly onChange: (classes: readonly number[]) => void;
}

/** What the detector is to look for, by name. */
export function ClassPicker({ chosen, isReadOnly, onChange }: ClassPickerProps) {
  return (
    <details class="classes">
      <summary>{`Detection classes: ${chosen.length === 0 ? 'none' : chosen.length}`}</summary>
      <fieldset disabled={isReadOnly}>
        <legend>Look for</legend>
        {COCO_CLASSES.map((name, id) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked ? [...chosen, id] : chosen.filter((other) => other !== id),
                )
              }
            />
            {name}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
