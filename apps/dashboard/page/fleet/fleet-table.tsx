import type { Drone } from '@dronecast/client';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { age, now } from '../state/clock.js';
import { changedAt, isFleetWhole } from '../state/fleet.js';
import { openDevice, param } from '../state/place.js';
import { trails } from '../state/places.js';
import { isStale, rightAt } from '../state/staleness.js';
import { Age } from '../ui/age.js';
import { CategoryIcon } from '../ui/icons.js';
import { Pill } from '../ui/pill.js';
import { useRowFocus } from '../ui/use-row-focus.js';
import { useVirtual } from '../ui/use-virtual.js';
import { clearFilters, found } from './filter.js';
import { loadingText } from './fleet-count.js';
import { type SortKey, sortBy, sorting } from './order.js';
import { select, selection } from './selection.js';

const ROW_HEIGHT = 32;
/** How long a row shows that it has changed, in milliseconds. */
const FLASH_MS = 1500;

const COLUMNS: Readonly<Record<SortKey, string>> = {
  kind: 'Kind',
  sn: 'Serial number',
  name: 'Name',
  stream: 'Stream',
  ai: 'AI',
  position: 'Position',
  changed: 'Changed',
};

interface RowProps {
  readonly drone: Drone;
  readonly index: number;
  readonly top: number;
}

function Row({ drone, index, top }: RowProps) {
  const { deviceSerialNumber: serialNumber } = drone;
  const flashesAt = changedAt.get(serialNumber);
  const isFlashing = flashesAt !== undefined && now.value - flashesAt < FLASH_MS;
  const row = useRef<HTMLTableRowElement>(null);
  useLayoutEffect(() => {
    if (isFlashing && !matchMedia('(prefers-reduced-motion: reduce)').matches)
      row.current?.animate({ background: ['var(--flash)', 'var(--page)'] }, FLASH_MS);
  }, [flashesAt]);
  return (
    <tr
      ref={row}
      aria-rowindex={index + 2}
      class={isFlashing ? 'flash' : undefined}
      data-sn={serialNumber}
      data-open={param('sn') === serialNumber}
      style={{ transform: `translateY(${top}px)` }}
    >
      <td>
        <input
          type="checkbox"
          aria-label={`Select ${serialNumber}`}
          checked={selection.value.has(serialNumber)}
          onChange={(event) => select([serialNumber], event.currentTarget.checked)}
        />
      </td>
      <td>
        <CategoryIcon category={drone.deviceCategory} />
      </td>
      <td>
        <button type="button" class="link" onClick={() => openDevice(serialNumber)}>
          {serialNumber}
        </button>
      </td>
      <td title={drone.deviceName}>
        {drone.metadata.alias ? `${drone.deviceName} (${drone.metadata.alias})` : drone.deviceName}
      </td>
      <td>
        <Pill name="Stream" isOn={drone.streamIsOn} />
      </td>
      <td>
        <Pill name="AI" isOn={drone.isUsingAiDetection} />
      </td>
      <td>{trails.value.has(serialNumber) ? 'on map' : 'unknown'}</td>
      <td>
        <Age at={drone.updatedAt} />
      </td>
    </tr>
  );
}

/** Ticks all that were found, in sight or not. */
function SelectAll() {
  const serialNumbers = found.value.map(({ deviceSerialNumber }) => deviceSerialNumber);
  return (
    <input
      type="checkbox"
      aria-label="Select all that were found"
      disabled={!isFleetWhole.value}
      checked={serialNumbers.length > 0 && serialNumbers.every((one) => selection.value.has(one))}
      onChange={(event) => select(serialNumbers, event.currentTarget.checked)}
    />
  );
}

/** The name of a column, which sorts by it. */
function Heading({ column, name }: { column: SortKey; name: string }) {
  const { key, isDescending } = sorting.value;
  return (
    <th scope="col" aria-sort={key !== column ? undefined : isDescending ? 'descending' : 'ascending'}>
      <button type="button" class="sort" onClick={() => sortBy(column)}>
        {name}
      </button>
    </th>
  );
}

/** Why the table has no rows. */
function NoRows() {
  if (!isFleetWhole.value) return <p class="hint">{loadingText}</p>;
  return (
    <p class="hint">
      No devices match these filters.{' '}
      <button type="button" class="quiet" onClick={clearFilters}>
        Clear filters
      </button>
    </p>
  );
}

/** All devices that were found, of which only those in sight are rendered. */
export function FleetTable() {
  const box = useRef<HTMLElement>(null);
  const drones = found.value;
  const { rows, height } = useVirtual(box, drones.length, ROW_HEIGHT);
  const keepFocus = useRowFocus(box);
  return (
    <>
      {isStale.value && rightAt.value !== undefined && (
        <p class="stale-note">{`Shown as it was ${age(rightAt.value)} ago.`}</p>
      )}
      <section
        class={isStale.value ? 'rows stale' : 'rows'}
        ref={box}
        tabIndex={0}
        aria-label="Table of devices"
        {...keepFocus}
      >
        <table aria-rowcount={isFleetWhole.value ? drones.length + 1 : -1}>
          <thead>
            <tr aria-rowindex={1}>
              <th>
                <SelectAll />
              </th>
              {Object.entries(COLUMNS).map(([key, name]) => (
                <Heading key={key} column={key as SortKey} name={name} />
              ))}
            </tr>
          </thead>
          <tbody style={{ height: `${height}px` }}>
            {rows.map(({ index, start }) => {
              const drone = drones[index];
              return drone && <Row key={drone.deviceSerialNumber} drone={drone} index={index} top={start} />;
            })}
          </tbody>
        </table>
        {drones.length === 0 && <NoRows />}
      </section>
    </>
  );
}
