import { describe } from '@jest/globals';
import { EsdbEventStore } from '../../src/infrastructure/eventstore/esdb-event-store.js';
import { startEventStore } from '../../src/sandbox/event-store/server.js';
import { createTestDatabase } from '../support/postgres.js';
import { eventStoreContract } from './event-store.contract.js';
import type { StoreUnderTest } from './event-store.contract.js';

/** The stand-in, or the server that EVENTSTORE_URL names. */
async function esdb(): Promise<StoreUnderTest> {
  const given = process.env['EVENTSTORE_URL'];
  if (given) {
    const store = new EsdbEventStore({ connectionString: given });
    return { store, stop: () => store.close() };
  }
  const database = await createTestDatabase();
  const server = await startEventStore({ databaseUrl: database.url, port: 0 });
  const store = new EsdbEventStore({ connectionString: server.url });
  return {
    store,
    stop: async () => {
      await store.close();
      await server.stop();
      await database.drop();
    },
  };
}

describe(`EsdbEventStore on ${process.env['EVENTSTORE_URL'] ? 'EVENTSTORE_URL' : 'the stand-in'}`, () => {
  eventStoreContract(esdb);
});
