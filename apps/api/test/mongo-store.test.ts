import t from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { createDatabase, openMongoStore } from './open-mongo.js';
import { droneStoreContract } from './store-contract.js';

if (requiresMongo(t)) {
  t.test('on one server', async (t) => {
    const server = await startMongo(t);
    droneStoreContract(t, 'mongodb', (t) => openMongoStore(t, createDatabase(t, server.url)));
  });
}
