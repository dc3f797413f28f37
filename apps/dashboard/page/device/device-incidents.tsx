import type { Incident } from '@dronecast/client';
import { useEffect, useState } from 'preact/hooks';
import { IncidentCard } from '../incidents/incident-card.js';
import { newIncidents } from '../state/incidents.js';
import { api, ask, type RequestError, toRequestError } from '../state/requests.js';
import { ProblemNotice } from '../ui/problem-notice.js';

const SHOWN = 10;

async function readIncidents(serialNumber: string): Promise<readonly Incident[]> {
  const params = { path: { sn: serialNumber }, query: { limit: SHOWN } };
  const answer = await ask(api.GET('/api/v1/drones/sn/{sn}/incidents', { params }));
  return answer.data.incidents as Incident[];
}

/** The latest incidents of one device, also of one that is gone. */
export function DeviceIncidents({ serialNumber }: { serialNumber: string }) {
  const [incidents, setIncidents] = useState<readonly Incident[]>([]);
  const [error, setError] = useState<RequestError>();
  const newest = newIncidents.value.find((incident) => incident.serialNumber === serialNumber)?.id;
  useEffect(() => {
    readIncidents(serialNumber).then(
      (found) => {
        setIncidents(found);
        setError(undefined);
      },
      (cause) => setError(toRequestError(cause)),
    );
  }, [serialNumber, newest]);
  return (
    <section aria-label="Incidents of this device">
      <h3>Incidents</h3>
      {error ? error.status !== 404 && <ProblemNotice error={error} /> : null}
      {!error && incidents.length === 0 && <p class="hint">None so far.</p>}
      <ul class="cards">
        {incidents.map((incident) => (
          <li key={incident.id}>
            <IncidentCard incident={incident} />
          </li>
        ))}
      </ul>
    </section>
  );
}
