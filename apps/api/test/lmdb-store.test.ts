import t from 'tap';
import { openLmdbStore } from './open-lmdb.js';
import { droneStoreContract } from './store-contract.js';

droneStoreContract(t, 'lmdb', openLmdbStore);
