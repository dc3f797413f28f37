import type { Incident } from '@dronecast/client';
import { useState } from 'preact/hooks';
import { classNameOf } from '../state/coco.js';
import { openDevice } from '../state/place.js';
import { Age } from '../ui/age.js';

export const nameOf = ({ label, classId }: Incident): string =>
  label ?? (classId === undefined ? 'object' : classNameOf(classId));

/** The image with its box drawn on it; words where the image does not come. */
function Picture({ incident }: { incident: Incident }) {
  const [size, setSize] = useState<{ width: number; height: number }>();
  const [hasFailed, setHasFailed] = useState(!/^https?:/.test(incident.imageUrl));
  const [x, y, width, height] = incident.objectBBox;
  if (hasFailed) return <p class="no-image">The image cannot be shown.</p>;
  return (
    <div class="picture">
      <img
        src={incident.imageUrl}
        alt={`${nameOf(incident)} seen by ${incident.serialNumber}`}
        loading="lazy"
        referrerpolicy="no-referrer"
        onLoad={({ currentTarget }) =>
          setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
        }
        onError={() => setHasFailed(true)}
      />
      {size && (
        <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
          <rect x={x} y={y} width={width} height={height} />
        </svg>
      )}
    </div>
  );
}

export function IncidentCard({ incident }: { incident: Incident }) {
  const { serialNumber, confidence, capturedAt, coordinates, altitude } = incident;
  return (
    <article class="card" aria-label={`${nameOf(incident)}, ${serialNumber}`}>
      <Picture incident={incident} />
      <div>
        <strong>{nameOf(incident)}</strong>
        {confidence !== undefined && <span class="confidence">{`${Math.round(confidence * 100)} %`}</span>}
        <p>
          <button type="button" class="link" onClick={() => openDevice(serialNumber)}>
            {serialNumber}
          </button>{' '}
          <Age at={capturedAt} />
        </p>
        {coordinates && (
          <p class="hint">
            {`${coordinates.coordinates[1].toFixed(4)}, ${coordinates.coordinates[0].toFixed(4)}`}
            {altitude !== undefined && `, ${Math.round(altitude)} m`}
          </p>
        )}
      </div>
    </article>
  );
}
