import { useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { remove, toggle } from '../state/commands.js';
import { droneOf, fleetState } from '../state/fleet.js';
import { closeDevice } from '../state/place.js';
import { type RequestError, toRequestError } from '../state/requests.js';
import { mayUse } from '../state/session.js';
import { isStale } from '../state/staleness.js';
import { Age } from '../ui/age.js';
import { Confirm } from '../ui/confirm.js';
import { CategoryIcon } from '../ui/icons.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { Credentials } from './credentials.js';
import { DeviceIncidents } from './device-incidents.js';
import { EditForm } from './edit-form.js';
import { Timeline } from './timeline.js';
import { useLayer } from './use-layer.js';

const SWITCHES = [
  { field: 'streamIsOn', name: 'Stream' },
  { field: 'isUsingAiDetection', name: 'AI detection' },
] as const;

/** All about one device, beside the view from which it was opened. */
export function Drawer({ serialNumber }: { serialNumber: string }) {
  const drone = droneOf(serialNumber);
  const error = useSignal<RequestError | undefined>(undefined);
  const [isAsking, setIsAsking] = useState(false);
  const box = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayer(box, serialNumber, closeDevice);
  useEffect(() => heading.current?.focus(), []);

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    error.value = undefined;
    try {
      await work();
    } catch (cause) {
      error.value = toRequestError(cause);
    }
  }

  return (
    <aside ref={box} class={isStale.value ? 'drawer stale' : 'drawer'} aria-label={`Device ${serialNumber}`}>
      <div class="drawer-head">
        <h2 ref={heading} tabIndex={-1}>
          {drone && <CategoryIcon category={drone.deviceCategory} />} {drone?.deviceName ?? serialNumber}
        </h2>
        <button type="button" class="quiet" onClick={closeDevice}>
          Close
        </button>
      </div>
      {error.value && <ProblemNotice error={error.value} />}
      {!drone && fleetState.value === 'right' && (
        <p role="status">No device has this serial number. It may have been deleted.</p>
      )}
      {drone && (
        <>
          <p class="hint">
            {`${serialNumber} · revision `}
            <output aria-label="Revision">{drone.revision}</output>
            {' · changed '}
            <Age at={drone.updatedAt} />
          </p>
          <div class="switches">
            {SWITCHES.map(({ field, name }) => (
              <button
                key={field}
                type="button"
                role="switch"
                aria-checked={drone[field]}
                disabled={!mayUse('drones:write')}
                onClick={() => attempt(() => toggle(serialNumber, field, !drone[field]))}
              >
                {name}
              </button>
            ))}
          </div>
        </>
      )}
      <EditForm serialNumber={serialNumber} drone={drone} />
      {drone && <Credentials serialNumber={serialNumber} />}
      <Timeline serialNumber={serialNumber} />
      <DeviceIncidents serialNumber={serialNumber} />
      {drone && mayUse('drones:write') && (
        <button type="button" class="danger" onClick={() => setIsAsking(true)}>
          Delete device
        </button>
      )}
      {isAsking && (
        <Confirm
          question={`Delete ${serialNumber}? This cannot be undone. Its incidents are kept.`}
          action="Delete"
          onAnswer={(isConfirmed) => {
            setIsAsking(false);
            if (isConfirmed) void attempt(() => remove(serialNumber));
          }}
        />
      )}
    </aside>
  );
}
