import { useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { age } from '../state/clock.js';
import { remove, toggle } from '../state/commands.js';
import { droneOf, fleetState } from '../state/fleet.js';
import { awaySince } from '../state/live.js';
import { type RequestError, toRequestError } from '../state/requests.js';
import { mayUse } from '../state/session.js';
import { Confirm } from '../ui/confirm.js';
import { CategoryIcon } from '../ui/icons.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { Credentials } from './credentials.js';
import { DeviceIncidents } from './device-incidents.js';
import { EditForm } from './edit-form.js';
import { Timeline } from './timeline.js';

interface DrawerProps {
  readonly serialNumber: string;
  readonly onClose: () => void;
}

const SWITCHES = [
  { field: 'streamIsOn', name: 'Stream' },
  { field: 'isUsingAiDetection', name: 'AI detection' },
] as const;

/** All about one device, beside the view from which it was opened. */
export function Drawer({ serialNumber, onClose }: DrawerProps) {
  const drone = droneOf(serialNumber);
  const error = useSignal<RequestError | undefined>(undefined);
  const [isAsking, setIsAsking] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
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
    <aside
      class={awaySince.value === undefined ? 'drawer' : 'drawer stale'}
      aria-label={`Device ${serialNumber}`}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <div class="drawer-head">
        <h2 ref={heading} tabIndex={-1}>
          {drone && <CategoryIcon category={drone.deviceCategory} />} {drone?.deviceName ?? serialNumber}
        </h2>
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </div>
      {error.value && <ProblemNotice error={error.value} />}
      {!drone && fleetState.value === 'right' && (
        <p role="status">There is no device of this serial number.</p>
      )}
      {drone && (
        <>
          <p class="hint">
            {`${serialNumber} · revision `}
            <output aria-label="Revision">{drone.revision}</output>
            {` · changed ${age(Date.parse(drone.updatedAt))} ago`}
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
          <EditForm key={drone.id} drone={drone} />
          <Credentials serialNumber={serialNumber} />
        </>
      )}
      <Timeline serialNumber={serialNumber} />
      <DeviceIncidents serialNumber={serialNumber} />
      {drone && mayUse('drones:write') && (
        <button type="button" class="danger" onClick={() => setIsAsking(true)}>
          Delete device
        </button>
      )}
      {isAsking && (
        <Confirm
          question={`Delete ${serialNumber}? Its incidents stay.`}
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
