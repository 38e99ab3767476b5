import { describe } from '@jest/globals';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';
import { eventStoreContract } from './event-store.contract.js';

describe('InMemoryEventStore', () => {
  eventStoreContract(() =>
    Promise.resolve({ store: new InMemoryEventStore(() => new Date()), stop: () => Promise.resolve() }),
  );
});
