import { createFullOutbox } from '@dronecast/testbed';
import { MongoClient } from 'mongodb';
import { toFact } from './fact.js';
import { writeJournal } from './journal.js';

/** Of one drone. */
const OUTBOX_MIB = 2;

/** Puts drones into the database whose events, so many MiB of them, were never published. */
export async function insertBacklog(mongoUrl: string, journal: string, mib: number): Promise<void> {
  const client = new MongoClient(mongoUrl);
  try {
    const drones = client.db().collection('drones');
    for (let n = 0; n * OUTBOX_MIB < mib; n += 1) {
      const { document, events } = createFullOutbox(`BACKLOG-${n}`);
      await drones.insertOne(document);
      writeJournal(journal, { at: Date.now(), facts: events.map(toFact) });
    }
  } finally {
    await client.close();
  }
}
