import { MongoClient, type ObjectId } from 'mongodb';
import { changeKey, type Fact, incidentKey } from './fact.js';
import { readJournal } from './journal.js';
import { CLOCK_SKEW_MS } from './skewed-clock.js';
import type { Committed } from './verifier.js';

/** A document of the drones' collection, as far as it matters here. */
interface DroneState {
  readonly _id: ObjectId;
  readonly publicId?: ObjectId;
  readonly deviceSerialNumber: string;
  readonly revision: number;
  readonly outbox?: readonly unknown[];
  readonly deletedAt?: Date;
}

interface IncidentState {
  readonly _id: ObjectId;
  readonly serialNumber: string;
  readonly createdAt: Date;
}

const withDatabase = async <T>(url: string, use: (client: MongoClient) => Promise<T>): Promise<T> => {
  const client = new MongoClient(url);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
};

/** Drones whose events the bus has not acknowledged. */
export const backlog = (url: string): Promise<number> =>
  withDatabase(url, (client) =>
    client
      .db()
      .collection('drones')
      .countDocuments({ 'outbox.0': { $exists: true } }),
  );

/**
 * All that was committed: what the database has, each revision of a drone up to its own, and what the journal has
 * beyond it (specific events, and the lives of deleted drones). The journal alone may lack what a killed process
 * committed last.
 */
export async function readCommitted(url: string, journal: string): Promise<Committed[]> {
  const committed = new Map<string, Committed>();
  for (const { at, facts } of readJournal(journal))
    for (const fact of facts) committed.set(fact.key, { fact, at });
  const add = (fact: Fact, at?: number): void => {
    if (!committed.has(fact.key)) committed.set(fact.key, { fact, at });
  };

  await withDatabase(url, async (client) => {
    for await (const drone of client
      .db()
      .collection<DroneState>('drones')
      .find({ deletedAt: { $exists: false } })) {
      const droneId = (drone.publicId ?? drone._id).toHexString();
      for (let revision = 1; revision <= drone.revision; revision += 1) {
        const kind = revision === 1 ? 'created' : 'updated';
        const key = changeKey(droneId, revision, kind);
        add({ key, kind, serialNumber: drone.deviceSerialNumber, droneId, revision });
      }
    }
    for await (const incident of client.db().collection<IncidentState>('incidents').find()) {
      const key = incidentKey(incident._id.toHexString());
      const at = incident.createdAt.getTime();
      const isSkewed = at > Date.now();
      add({ key, kind: 'incident', serialNumber: incident.serialNumber }, isSkewed ? at - CLOCK_SKEW_MS : at);
    }
  });
  return [...committed.values()];
}
