import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { createClient, RESP_TYPES } from 'redis';

/** All that a Redis holds, whatever the type of its keys, as text. */
export async function dumpRedis(url: string): Promise<string> {
  const client = await createClient({ url }).connect();
  const raw = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  try {
    const parts: string[] = [];
    for (const key of await client.keys('*')) {
      const entries = (await client.type(key)) === 'stream' ? await client.xRange(key, '-', '+') : [];
      parts.push(key, JSON.stringify(entries), String(await raw.dump(key)));
    }
    return parts.join('\n');
  } finally {
    client.destroy();
  }
}

/** All documents of all databases of a MongoDB, as text. */
export async function dumpMongo(url: string): Promise<string> {
  const client = await new MongoClient(url).connect();
  try {
    const { databases } = await client.db().admin().listDatabases();
    const parts: string[] = [];
    for (const { name } of databases) {
      for (const collection of await client.db(name).collections()) {
        parts.push(`${collection.namespace} ${JSON.stringify(await collection.find().toArray())}`);
      }
    }
    return parts.join('\n');
  } finally {
    await client.close();
  }
}

/** All files of a folder, byte by byte. */
export async function dumpFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map(({ path, name }) => readFile(join(path, name), 'latin1')));
  return contents.join('\n');
}
