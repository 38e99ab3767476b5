import { describe, expect, it } from '@jest/globals';
import { checkConnectedAccount, checkKeys } from '../../src/domain/branch/card-processing.js';
import { DomainError } from '../../src/domain/errors.js';

const TEST = { secretKey: 'sk_test_acctHarbour_1', publishableKey: 'pk_test_acctHarbour_1' };
const LIVE = { secretKey: 'rk_live_acctHarbour_1', publishableKey: 'pk_live_acctHarbour_1' };

function refusal(work: () => void): DomainError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

describe('the keys of a branch', () => {
  it('are taken in the mode of the service', () => {
    expect(refusal(() => checkKeys(TEST, false))).toBeUndefined();
    expect(refusal(() => checkKeys(LIVE, true))).toBeUndefined();
  });

  it.each([
    ['secretKey', { ...TEST, secretKey: 'pk_test_acctHarbour_1' }, false],
    ['secretKey', { ...TEST, secretKey: 'sk_test_' }, false],
    ['secretKey', { ...TEST, secretKey: 'sk_test_with space' }, false],
    ['publishableKey', { ...TEST, publishableKey: TEST.secretKey }, false],
    ['publishableKey', { ...TEST, publishableKey: LIVE.publishableKey }, false],
    ['secretKey', TEST, true],
    ['secretKey', LIVE, false],
  ] as const)('are refused beside %s: %j, live %s', (field, keys, live) => {
    const error = refusal(() => checkKeys(keys, live));
    expect([error?.code, error?.details['field']]).toEqual(['card_processing_invalid', field]);
    expect(JSON.stringify(error?.details)).not.toContain(keys.secretKey);
  });
});

describe('a connected account', () => {
  it('has the form of its ids', () => {
    expect(refusal(() => checkConnectedAccount('acct_1Nv0FGQ9RKHgCVdK'))).toBeUndefined();
    for (const wrong of ['', 'acct_', 'acct_1Nv0/../x', 'ca_1Nv0FGQ9RKHgCVdK', 'acct_1Nv0FGQ9RKHgCVdK ']) {
      expect(refusal(() => checkConnectedAccount(wrong))?.details['field']).toBe('account');
    }
  });
});
