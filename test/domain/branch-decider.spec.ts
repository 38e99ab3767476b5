import { describe, expect, it } from '@jest/globals';
import { branchDecider, type BranchCommand } from '../../src/domain/branch/decider.js';
import type { BranchEvent } from '../../src/domain/branch/events.js';
import { fold } from '../../src/domain/decider.js';
import { given, nothing, refused } from '../support/given.js';
import { BRANCH, BRANCH_ID, FEE_POLICY } from '../support/given-invoice.js';

const branch = (...events: readonly BranchEvent[]) => given(branchDecider, events);
const registered: BranchEvent = { type: 'BranchRegistered', data: { branchId: BRANCH_ID, ...BRANCH } };
const setUp: BranchEvent = { type: 'CardProcessingSetUp', data: { mode: 'platform' } };
const policySet: BranchEvent = { type: 'FeePolicySet', data: { policy: FEE_POLICY } };
const message = { email: { subject: 'Invoice', body: '{{link}}' }, sms: { body: '{{link}}' } };
const worded: BranchEvent = { type: 'InvoiceLinkMessageCustomized', data: { language: 'en', message } };

const register: BranchCommand = { type: 'RegisterBranch', branchId: BRANCH_ID, details: BRANCH };
const setPolicy = (changes: object = {}, live = false): BranchCommand => ({
  type: 'SetFeePolicy',
  policy: { ...FEE_POLICY, ...changes },
  live,
});
const word = { type: 'CustomizeMessage', kind: 'invoice-link', language: 'en', message } as const;

describe('a branch', () => {
  it('is registered once', () => {
    branch().when(register).then([registered]);
    branch(registered).when(register).then(nothing);
  });

  it('is refused a zone or a currency that there is not', () => {
    const details = { ...BRANCH, timeZone: 'Mars/Olympus' };
    branch()
      .when({ ...register, details })
      .then(refused('unknown_time_zone', { timeZone: 'Mars/Olympus' }));
    branch()
      .when({ ...register, details: { ...BRANCH, currency: 'ABC' } })
      .then(refused('unknown_currency'));
    branch()
      .when({ ...register, details: { ...BRANCH, currency: 'usd' } })
      .then(refused('unknown_currency'));
  });

  it.each<BranchCommand>([
    { type: 'UpdateBranch', changes: { name: 'x' } },
    { type: 'SetUpCardProcessing', mode: 'platform' },
    setPolicy(),
    word,
  ])('that is not there refuses $type', (command) => branch().when(command).then(refused('branch_not_found')));

  it('has no history that begins in the middle', () => {
    expect(() => fold(branchDecider, [{ event: setUp, revision: 0n }])).toThrow('before BranchRegistered');
  });
});

describe('updating a branch', () => {
  const update = (changes: Extract<BranchCommand, { type: 'UpdateBranch' }>['changes']): BranchCommand => ({
    type: 'UpdateBranch',
    changes,
  });

  it('records what changed and nothing else', () => {
    branch(registered)
      .when(update({ name: 'Main Street', telephone: '+15550100' }))
      .then([{ type: 'BranchUpdated', data: { changes: { telephone: '+15550100' } } }]);
  });

  it('clears an optional detail, once', () => {
    const cleared: BranchEvent = { type: 'BranchUpdated', data: { changes: { replyTo: null } } };
    branch(registered)
      .when(update({ replyTo: null }))
      .then([cleared]);
    branch(registered, cleared)
      .when(update({ replyTo: null }))
      .then(nothing);
  });

  it('is quiet where nothing changes', () =>
    branch(registered)
      .when(update({ name: BRANCH.name }))
      .then(nothing));

  it('refuses another currency, an unknown zone, and a place where its fee is forbidden', () => {
    branch(registered)
      .when(update({ currency: 'EUR' }))
      .then(refused('currency_differs'));
    branch(registered)
      .when(update({ timeZone: 'x' }))
      .then(refused('unknown_time_zone'));
    branch(registered)
      .when(update({ region: 'CT' }))
      .then([{ type: 'BranchUpdated', data: { changes: { region: 'CT' } } }]);
    branch(registered, policySet)
      .when(update({ region: 'CT' }))
      .then(refused('fee_not_allowed', { rule: 'us_ct' }));
  });
});

describe('what is set up', () => {
  it('is set up once', () => {
    branch(registered).when({ type: 'SetUpCardProcessing', mode: 'platform' }).then([setUp]);
    branch(registered, setUp).when({ type: 'SetUpCardProcessing', mode: 'platform' }).then(nothing);
  });

  it('is a fee policy whose version is the revision that it was set at', () => {
    branch(registered).when(setPolicy()).then([policySet]);
    branch(registered, policySet).when(setPolicy()).then(nothing);
    const state = fold(branchDecider, [
      { event: registered, revision: 0n },
      { event: policySet, revision: 1n },
      { event: setUp, revision: 2n },
    ]);
    expect(state).toMatchObject({ revision: 2n, feePolicy: { version: '1' } });
  });

  it('is no fee policy that breaks a rule', () => {
    branch(registered)
      .when(setPolicy({ rateBps: -1 }))
      .then(refused('fee_policy_invalid', { field: 'rateBps' }));
    branch(registered)
      .when(setPolicy({}, true))
      .then(refused('fee_policy_invalid', { field: 'costBps' }));
  });

  it('is a wording for each language, recorded where it differs', () => {
    branch(registered).when(word).then([worded]);
    branch(registered, worded).when(word).then(nothing);
    branch(registered, worded)
      .when({ ...word, language: 'de' })
      .then([{ type: 'InvoiceLinkMessageCustomized', data: { language: 'de', message } }]);
  });
});
