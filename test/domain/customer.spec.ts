import { describe, expect, it } from '@jest/globals';
import { customerDecider } from '../../src/domain/customer/decider.js';
import type { CustomerEvent, CustomerUpdated } from '../../src/domain/customer/events.js';
import { fold } from '../../src/domain/decider.js';
import { given, nothing, refused } from '../support/given.js';
import { BRANCH_ID, CUSTOMER_ID } from '../support/given-invoice.js';

const customerId = CUSTOMER_ID;
const details = { name: 'Ada Byron', email: 'ada@example.com', phone: '+12125550100', address: ['1 Main Street'] };
const registered: CustomerEvent = {
  type: 'CustomerRegistered',
  data: { customerId, branchId: BRANCH_ID, externalId: 'c-1', locale: 'en-US', details },
};
const updated = (data: Omit<CustomerUpdated['data'], 'customerId'>): CustomerUpdated => ({
  type: 'CustomerUpdated',
  data: { customerId, ...data },
});
const change = (data: Omit<CustomerUpdated['data'], 'customerId'>, seenRevision?: bigint) => ({
  type: 'UpdateCustomer' as const,
  data: { customerId, ...data },
  seenRevision,
});

describe('a change of a customer', () => {
  it('says only what differs', () => {
    given(customerDecider, [registered])
      .when(change({ changes: { name: 'Ada Byron', email: 'byron@example.com', phone: null }, locale: 'en-US' }))
      .then([updated({ changes: { email: 'byron@example.com', phone: null } })]);
    given(customerDecider, [registered])
      .when(change({ changes: {}, locale: null, timeZone: 'Europe/Paris' }))
      .then([updated({ changes: {}, locale: null, timeZone: 'Europe/Paris' })]);
  });

  it('is quiet where everything is as it is wanted', () => {
    given(customerDecider, [registered])
      .when(change({ changes: details, locale: 'en-US', timeZone: null }))
      .then(nothing);
    given(customerDecider, [registered, updated({ changes: { phone: null }, timeZone: 'Asia/Tokyo' })])
      .when(change({ changes: { phone: null }, timeZone: 'Asia/Tokyo' }))
      .then(nothing);
  });

  it('is refused for nobody, for an older version, and for a zone that is none', () => {
    given(customerDecider, [])
      .when(change({ changes: { name: 'Ada' } }))
      .then(refused('customer_not_found', { customerId }));
    given(customerDecider, [registered, updated({ changes: { phone: null } })])
      .when(change({ changes: { name: 'Ada' } }, 0n))
      .then(refused('version_changed', { revision: '1' }));
    given(customerDecider, [registered])
      .when(change({ changes: { name: 'Ada' }, timeZone: 'Mars/Base' }, 0n))
      .then(refused('unknown_time_zone', { timeZone: 'Mars/Base' }));
  });

  it('takes details away, and a language back to that of the branch', () => {
    const events = [registered, updated({ changes: { email: null, name: 'A. Byron' }, locale: null })];
    const state = fold(
      customerDecider,
      events.map((event, index) => ({ event, revision: BigInt(index) })),
    );
    expect(state).toEqual({
      ...{ status: 'registered', customerId, branchId: BRANCH_ID, externalId: 'c-1', revision: 1n },
      details: { name: 'A. Byron', phone: '+12125550100', address: ['1 Main Street'] },
    });
  });
});
