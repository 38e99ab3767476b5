import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../../src/domain/errors.js';
import { stateOfZip, type Place } from '../../src/domain/fee-rules.js';
import { checkFeePolicy, decideFee, highestFee, type FeeCard, type FeePolicy } from '../../src/domain/fees.js';
import { FEE_POLICY } from '../support/given-invoice.js';

const TEXAS: Place = { country: 'US', region: 'TX' };
const TODAY = '2026-11-20';
const CREDIT: FeeCard = { brand: 'visa', funding: 'credit', country: 'US', billing: TEXAS };
const us = (region: string): Place => ({ country: 'US', region });

function feeOf(
  amountMinor: number,
  changes: { policy?: Partial<FeePolicy>; place?: Place; card?: Partial<FeeCard>; today?: string } = {},
) {
  const { policy, place = TEXAS, card, today = TODAY } = changes;
  return decideFee(amountMinor, { ...FEE_POLICY, ...policy }, place, { ...CREDIT, ...card }, today);
}

describe('the fee on a payment', () => {
  it('is 12.17 on 405.94 at 3 % capped at 3 %, never 12.18', () => {
    expect(feeOf(40_594)).toMatchObject({ feeMinor: 1_217, capBps: 300 });
    expect(feeOf(40_594, { policy: { capBps: 400 } }).feeMinor).toBe(1_217);
  });

  it.each([
    ['rounds half up below the cap', 50, { rateBps: 100 }, 1],
    ['rounds less than half down', 49, { rateBps: 100 }, 0],
    ['adds the fixed part', 10_000, { rateBps: 200, fixedMinor: 30 }, 230],
    ['is capped with its fixed part on a small invoice', 500, { rateBps: 290, fixedMinor: 30 }, 15],
    ['is nothing where the cap is less than a cent', 33, { rateBps: 300 }, 0],
    ['is capped by the policy', 10_000, { rateBps: 300, capBps: 150 }, 150],
    ['is capped by the cost', 10_000, { rateBps: 300, costBps: 219 }, 219],
    ['is nothing at a cost of nothing', 10_000, { rateBps: 300, costBps: 0 }, 0],
    ['is capped at the brand’s 3 % whatever the policy says', 10_000, { rateBps: 500, capBps: 500 }, 300],
    ['is exact for the largest invoice', 99_999_999, { rateBps: 300 }, 2_999_999],
  ] as const)('%s', (_name, amount, policy, fee) => expect(feeOf(amount, { policy }).feeMinor).toBe(fee));

  it.each([
    ['policy_disabled', { policy: { enabled: false } }],
    ['not_yet_effective', { policy: { effectiveFrom: '2026-11-21' } }],
    ['credit_only', { card: { funding: 'debit' } }],
    ['credit_only', { card: { funding: 'prepaid' } }],
    ['credit_only', { card: { funding: 'unknown' } }],
    ['credit_only', { policy: { fundings: [] } }],
    ['card_country_unknown', { card: { country: undefined, billing: undefined } }],
    ['consumer_ban', { card: { country: 'DE' } }],
    ['consumer_ban', { card: { country: 'GB', billing: undefined } }],
    ['consumer_ban', { card: { billing: { country: 'FR' } } }],
    ['consumer_ban', { place: { country: 'IE' } }],
    ['no_rule_for_place', { card: { billing: { country: 'CA' } } }],
    ['no_rule_for_place', { card: { country: 'JP', billing: undefined } }],
    ['no_rule_for_place', { place: { country: 'BR' } }],
    ['us_ct', { card: { billing: us('CT') } }],
    ['us_ma', { card: { billing: us('MA') } }],
    ['us_me', { card: { billing: us('ME') } }],
    ['us_pr', { card: { billing: us('PR') } }],
    ['us_pr', { card: { billing: { country: 'PR' } } }],
    ['us_ct', { place: us('ct') }],
    ['no_rule_for_brand', { card: { brand: 'local' } }],
  ] as const)('is nothing by the rule %s: %j', (rule, changes) => {
    expect(feeOf(40_594, changes)).toEqual({ feeMinor: 0, capBps: 0, rules: [rule] });
  });

  it('begins on the day that it is effective from', () => {
    expect(feeOf(40_594, { policy: { effectiveFrom: TODAY } }).feeMinor).toBe(1_217);
  });

  it.each(['visa', 'mastercard', 'amex', 'discover'])('is at most 3 %% with %s', (brand) => {
    const decided = feeOf(10_000, { card: { brand }, policy: { rateBps: 400, capBps: 400 } });
    expect(decided).toEqual({ feeMinor: 300, capBps: 300, rules: [brand] });
  });

  it.each([
    ['Colorado', us('CO'), undefined, 200],
    ['Oklahoma', us('OK'), undefined, 200],
    ['Oklahoma below its cap', us('OK'), 180, 180],
    ['New York', us('NY'), undefined, 300],
    ['New York at the cost', us('NY'), 250, 250],
    ['a state without a rule', us('CA'), undefined, 300],
    ['a country whose state is not known', { country: 'US' }, undefined, 300],
  ] as const)('is capped by the stricter place: %s', (_name, stricter, costBps, fee) => {
    const policy = costBps === undefined ? {} : { costBps };
    expect(feeOf(10_000, { policy, place: stricter }).feeMinor).toBe(fee);
    expect(feeOf(10_000, { policy, card: { billing: stricter } }).feeMinor).toBe(fee);
  });

  it('names the rules that capped it, and none where nothing did', () => {
    expect(feeOf(10_000, { place: us('CO') }).rules).toEqual(['us_co']);
    expect(feeOf(10_000, { policy: { rateBps: 100 } }).rules).toEqual([]);
  });

  it('needs a policy', () => {
    expect(decideFee(40_594, undefined, TEXAS, CREDIT, TODAY)).toMatchObject({
      feeMinor: 0,
      rules: ['policy_disabled'],
    });
  });

  const policies = fc.record({
    rateBps: fc.nat(10_000),
    fixedMinor: fc.nat(10_000),
    capBps: fc.nat(10_000),
    costBps: fc.nat(10_000),
  });
  const amounts = fc.nat(99_999_999);
  const regions = fc.constantFrom('TX', 'CO', 'OK', 'NY', 'CA');

  it('is a whole number from 0 to every cap, whatever the policy', () => {
    fc.assert(
      fc.property(amounts, policies, regions, regions, (amount, policy, here, there) => {
        const { feeMinor } = feeOf(amount, { policy, place: us(here), card: { billing: us(there) } });
        expect(Number.isSafeInteger(feeMinor) && feeMinor >= 0).toBe(true);
        const colorado = [here, there].some((region) => region === 'CO' || region === 'OK');
        const cap = BigInt(Math.min(policy.capBps, policy.costBps, 300, colorado ? 200 : 300));
        expect(BigInt(feeMinor) * 10_000n).toBeLessThanOrEqual(BigInt(amount) * cap);
      }),
    );
  });

  it('is what the rate asks for wherever no cap is in the way', () => {
    fc.assert(
      fc.property(amounts, fc.nat(300), (amount, rateBps) => {
        const { feeMinor, rules } = feeOf(amount, { policy: { rateBps } });
        const exact = (BigInt(amount) * BigInt(rateBps) * 2n + 10_000n) / 20_000n;
        if (rules.length === 0) expect(BigInt(feeMinor)).toBe(exact);
        else expect(BigInt(feeMinor)).toBe((BigInt(amount) * 300n) / 10_000n);
      }),
    );
  });

  it('never rises when a cap falls', () => {
    fc.assert(
      fc.property(amounts, policies, fc.nat(10_000), (amount, policy, other) => {
        const [low, high] = [policy.capBps, other].sort((a, b) => a - b) as [number, number];
        const at = (capBps: number) => feeOf(amount, { policy: { ...policy, capBps } }).feeMinor;
        expect(at(low)).toBeLessThanOrEqual(at(high));
      }),
    );
  });

  it('is never on a card that is not a credit card', () => {
    const fundings = fc.constantFrom('debit', 'prepaid', 'unknown' as const);
    fc.assert(
      fc.property(amounts, policies, fundings, (amount, policy, funding) => {
        const claimed = { ...policy, fundings: ['credit', 'debit', 'prepaid', 'unknown'] as const };
        expect(feeOf(amount, { policy: claimed, card: { funding } }).feeMinor).toBe(0);
      }),
    );
  });

  it('is never more than what the page announces', () => {
    fc.assert(
      fc.property(amounts, policies, regions, regions, (amount, policy, here, there) => {
        const announced = highestFee(amount, { ...FEE_POLICY, ...policy }, us(here), TODAY).feeMinor;
        const decided = feeOf(amount, { policy, place: us(here), card: { billing: us(there) } }).feeMinor;
        expect(decided).toBeLessThanOrEqual(announced);
      }),
    );
  });
});

describe('the state of a ZIP code', () => {
  it.each([
    ['00501', 'NY'],
    ['00601', 'PR'],
    ['00901', 'PR'],
    ['01001', 'MA'],
    ['05501', 'MA'],
    ['04101', 'ME'],
    ['06103', 'CT'],
    ['06320', 'CT'],
    ['06390', 'CT'],
    ['10001', 'NY'],
    ['14925-1234', 'NY'],
    ['73301', undefined],
    ['73401', 'OK'],
    ['80202', 'CO'],
    ['94105', undefined],
    ['00801', undefined],
    [' 06103 ', 'CT'],
    ['061', undefined],
    ['SW1A 1AA', undefined],
    ['', undefined],
  ])('%s is %s', (zip, state) => expect(stateOfZip(zip)).toBe(state));
});

describe('a fee policy', () => {
  const check = (changes: object, place = TEXAS, live = false) =>
    checkFeePolicy({ ...FEE_POLICY, ...changes }, place, live);
  const refusal = (changes: object, place = TEXAS, live = false): DomainError => {
    try {
      check(changes, place, live);
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
    throw new Error('not refused');
  };

  it.each([
    ['rateBps', { rateBps: -1 }],
    ['rateBps', { rateBps: 2.5 }],
    ['rateBps', { rateBps: 10_001 }],
    ['fixedMinor', { fixedMinor: -1 }],
    ['capBps', { capBps: Number.NaN }],
    ['capBps', { capBps: 10_001 }],
    ['costBps', { costBps: -1 }],
    ['costBps', { costBps: 219.5 }],
    ['fundings', { fundings: ['credit', 'debit'] }],
    ['fundings', { fundings: ['unknown'] }],
    ['consentText', { consentText: 'I agree to a fee' }],
    ['consentText', { consentText: 'I agree to {{ fees }}', enabled: false }],
  ])('is refused for its %s: %j', (field, changes) => {
    expect(refusal(changes)).toMatchObject({ code: 'fee_policy_invalid', details: { field } });
  });

  it.each([
    [{ country: 'DE' }, 'consumer_ban'],
    [{ country: 'GB' }, 'consumer_ban'],
    [{ country: 'CA' }, 'no_rule_for_place'],
    [us('CT'), 'us_ct'],
    [us('ma'), 'us_ma'],
    [us('ME'), 'us_me'],
    [{ country: 'PR' }, 'us_pr'],
  ] as const)('is refused in %j by the rule %s, and may stand there while it is off', (place, rule) => {
    expect(refusal({}, place)).toMatchObject({ code: 'fee_not_allowed', details: { rule } });
    expect(() => check({ enabled: false }, place)).not.toThrow();
  });

  const live = { costBps: 219, noticeGivenOn: '2026-10-01', effectiveFrom: '2026-10-31' };
  it('is allowed for real money with a cost and thirty days of notice', () => {
    expect(() => check(live, TEXAS, true)).not.toThrow();
  });

  it.each([
    ['costBps', { costBps: undefined }],
    ['noticeGivenOn', { noticeGivenOn: undefined }],
    ['noticeGivenOn', { noticeGivenOn: 'soon' }],
    ['effectiveFrom', { effectiveFrom: undefined }],
    ['effectiveFrom', { effectiveFrom: '2026-02-30' }],
    ['effectiveFrom', { effectiveFrom: '2026-10-30' }],
  ])('is refused for real money for its %s: %j', (field, changes) => {
    expect(refusal({ ...live, ...changes }, TEXAS, true)).toMatchObject({ details: { field } });
  });
});
