import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Access, owns } from '@dronecast/auth';
import { type Incident, isSerialNumber } from '@dronecast/events';
import { toUtc } from '@dronecast/runtime';
import { ObjectId } from 'mongodb';
import { incidentEvents } from '../drone/drone-events.js';
import { type IncidentReport, positionOf } from '../drone/incident-input.js';
import type { DroneStore, IncidentQuery, Snapshot } from '../store/drone-store.js';
import type { Page } from '../store/page.js';
import { actorOf } from './actor.js';
import type { CommitLoop } from './commit-loop.js';
import type { ListGate } from './list-gate.js';
import { ownedBy, requireChangeable } from './ownership.js';
import { droneNotFound, idempotencyKeyReused } from './problems.js';
import { orRefuse } from './refusals.js';

/** The same key of the same caller for the same drone always names the same incident. */
const incidentId = (droneId: string, ...name: readonly string[]): string =>
  createHash('sha256')
    .update([droneId, ...name].join('\n'))
    .digest('hex')
    .slice(0, 24);

/** A report as it is kept; what the detector leaves out of time is filled in from `createdAt`. Throws as positionOf. */
function createIncident(
  report: IncidentReport,
  id: string,
  serialNumber: string,
  createdAt: string,
): Incident {
  const { coordinates, altitude, ...rest } = report;
  const capturedAt = report.capturedAt === undefined ? createdAt : toUtc(report.capturedAt);
  return { id, serialNumber, ...positionOf(report), ...rest, capturedAt, createdAt };
}

/** Whether a kept incident is what `report` would become, apart from the time of receipt. */
function isSameReport(kept: Incident, report: IncidentReport): boolean {
  const again = createIncident(report, kept.id, kept.serialNumber, kept.createdAt);
  return isDeepStrictEqual(JSON.parse(JSON.stringify(kept)), JSON.parse(JSON.stringify(again)));
}

export interface IncidentServiceDependencies {
  readonly store: DroneStore;
  readonly change: CommitLoop;
  readonly listGate: ListGate;
}

export interface Reported {
  readonly incident: Incident;
  /** The drone's. */
  readonly revision: number;
  /** False for a retry. */
  readonly isNew: boolean;
}

export function createIncidentService({ store, change, listGate }: IncidentServiceDependencies) {
  /** The id that a report has, and the incident if an earlier request has made it. */
  async function identify(
    snapshot: Snapshot,
    report: IncidentReport,
    key: string | undefined,
    { subject }: Access,
  ): Promise<{ id: string; kept?: Incident | undefined }> {
    if (key === undefined) return { id: new ObjectId().toHexString() };
    const droneId = snapshot.drone.id;
    const anybodys = incidentId(droneId, key);
    if (subject === undefined) return { id: anybodys, kept: await store.findIncident(snapshot, anybodys) };
    const id = incidentId(droneId, key, subject);
    const [kept, earlier] = await Promise.all([
      store.findIncident(snapshot, id),
      store.findIncident(snapshot, anybodys),
    ]);
    // Earlier versions left out the subject: a retry of what they took finds it, another caller's report does not.
    return { id, kept: kept ?? (earlier && isSameReport(earlier, report) ? earlier : undefined) };
  }

  return {
    /**
     * Commits the incident to the drone's outbox, so that it shares one order with the drone's changes. Calls `onCommitted`
     * right after that, since what follows may still fail.
     */
    async report(
      serialNumber: string,
      report: IncidentReport,
      idempotencyKey: string | undefined,
      access: Access,
      signal: AbortSignal,
      onCommitted: (reported: Reported) => void,
    ): Promise<Reported> {
      const reported = await change<Reported>({ serialNumber }, signal, async (snapshot) => {
        requireChangeable(snapshot.drone, { serialNumber }, access);
        const { revision } = snapshot.drone;
        // Looked up after the snapshot: a twin that commits later makes this commit lose its race.
        const { id, kept } = await identify(snapshot, report, idempotencyKey, access);
        if (kept && !isSameReport(kept, report)) throw idempotencyKeyReused();
        if (kept) return { result: { incident: kept, revision, isNew: false } };
        signal.throwIfAborted();
        const incident = createIncident(report, id, serialNumber, new Date().toISOString());
        const outbox = await store.commit(snapshot, {
          events: incidentEvents(snapshot.drone, incident, actorOf(access)),
          incident,
        });
        return outbox && { outbox, result: { incident, revision, isNew: true } };
      });
      if (!reported.isNew) return reported;
      onCommitted(reported);
      // Whoever publishes the outbox saves it too; doing it here lets the caller read it at once.
      await orRefuse(store.saveIncidents([reported.incident]));
      return reported;
    },

    /** A deleted drone's incidents stay; a serial number that has none and is no drone's is not found. */
    async listOf(
      query: IncidentQuery & { serialNumber: string },
      access: Access,
      signal: AbortSignal,
    ): Promise<Page<Incident>> {
      const { serialNumber, after } = query;
      if (!owns(access, serialNumber)) throw droneNotFound({ serialNumber });
      const page = await listGate(signal, () => store.listIncidents(query, signal));
      const isKnown = page.items.length > 0 || (after !== undefined && isSerialNumber(serialNumber));
      if (!isKnown && !(await orRefuse(store.find({ serialNumber })))) throw droneNotFound({ serialNumber });
      return page;
    },

    /** A serial number that none is of and no drone can have is refused. */
    async list(query: IncidentQuery, access: Access, signal: AbortSignal): Promise<Page<Incident>> {
      const { serialNumber } = query;
      const page = await listGate(signal, () =>
        store.listIncidents({ ...query, ...ownedBy(access) }, signal),
      );
      if (page.items.length === 0 && serialNumber !== undefined && !isSerialNumber(serialNumber))
        throw droneNotFound({ serialNumber });
      return page;
    },
  };
}

export type IncidentService = ReturnType<typeof createIncidentService>;
