import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient, ObjectId } from 'mongodb';

/** More than the sweeper reads at once. */
const OUTBOXES = 150;

/** An outbox whose incident can't be saved. It was there before all others, so it is always read first. */
function createDocument(n: number) {
  const at = new Date(n);
  const incident = { id: 'no id', serialNumber: `POISON-${n}`, capturedAt: at, createdAt: at };
  const entry = {
    seq: 1,
    name: randomBytes(6).toString('base64url'),
    at,
    events: [],
    bytesBefore: 0,
    incident,
  };
  return {
    _id: new ObjectId(),
    deviceSerialNumber: `POISON-${n}`,
    deletedAt: at,
    seq: 1,
    queuedBytes: 0,
    outbox: [entry],
    pendingSince: at,
  };
}

/** Keeps outboxes in the database that nobody can publish, for so many milliseconds. */
export async function poisonOutboxes(mongoUrl: string, durationMs: number): Promise<void> {
  const client = new MongoClient(mongoUrl);
  try {
    const drones = client.db().collection('drones');
    const documents = Array.from({ length: OUTBOXES }, (_, n) => createDocument(n));
    await drones.insertMany(documents);
    await delay(durationMs);
    await drones.deleteMany({ _id: { $in: documents.map(({ _id }) => _id) } });
  } finally {
    await client.close();
  }
}
