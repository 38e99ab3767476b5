import { describe, it } from '@jest/globals';
import { administrationDecider } from '../../src/domain/administration/decider.js';
import type { AdministrationEvent } from '../../src/domain/administration/events.js';
import { customerDecider } from '../../src/domain/customer/decider.js';
import type { CustomerEvent } from '../../src/domain/customer/events.js';
import { given, nothing, refused } from '../support/given.js';
import { BRANCH_ID, CUSTOMER_ID } from '../support/given-invoice.js';

describe('an API key', () => {
  const data = { keyId: 'key-1', name: 'Books', role: 'finance', keyHash: 'aa'.repeat(32) } as const;
  const created: AdministrationEvent = { type: 'ApiKeyCreated', data };
  const revoked: AdministrationEvent = { type: 'ApiKeyRevoked', data: { keyId: 'key-1' } };
  const administration = (...events: readonly AdministrationEvent[]) => given(administrationDecider, events);

  it('is created once, and not again after it was revoked', () => {
    administration().when({ type: 'CreateApiKey', data }).then([created]);
    administration(created).when({ type: 'CreateApiKey', data }).then(nothing);
    administration(created, revoked).when({ type: 'CreateApiKey', data }).then(nothing);
  });

  it('is revoked once', () => {
    administration(created).when({ type: 'RevokeApiKey', keyId: 'key-1' }).then([revoked]);
    administration(created, revoked).when({ type: 'RevokeApiKey', keyId: 'key-1' }).then(nothing);
  });

  it('that is not there cannot be revoked', () => {
    administration(created)
      .when({ type: 'RevokeApiKey', keyId: 'key-2' })
      .then(refused('api_key_not_found', { keyId: 'key-2' }));
  });
});

describe('a customer', () => {
  const data = { customerId: CUSTOMER_ID, branchId: BRANCH_ID, details: { name: 'Ada Byron' } };
  const registered: CustomerEvent = { type: 'CustomerRegistered', data };

  it('is registered by the first invoice that names them and found by the next', () => {
    given(customerDecider, []).when({ type: 'RegisterCustomer', data }).then([registered]);
    given(customerDecider, [registered]).when({ type: 'RegisterCustomer', data }).then(nothing);
  });
});
