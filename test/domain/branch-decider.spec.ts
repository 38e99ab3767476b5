import { describe, expect, it } from '@jest/globals';
import { branchDecider, type BranchCommand } from '../../src/domain/branch/decider.js';
import type { BranchEvent, CardProcessing } from '../../src/domain/branch/events.js';
import { fold } from '../../src/domain/decider.js';
import { given, nothing, refused } from '../support/given.js';
import { BRANCH, BRANCH_ID, FEE_POLICY } from '../support/given-invoice.js';

const branch = (...events: readonly BranchEvent[]) => given(branchDecider, events);
const registered: BranchEvent = { type: 'BranchRegistered', data: { branchId: BRANCH_ID, ...BRANCH } };
const KEYS: CardProcessing = {
  mode: 'keys',
  publishableKey: 'pk_test_acctHarbour_1',
  secretFingerprint: 'aa'.repeat(8),
  secretEndsWith: 'd_42',
};
const CONNECTED: CardProcessing = { mode: 'connect', accountId: 'acct_ConnectedHarbour' };
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
    { type: 'SetUpCardProcessing', processing: { mode: 'platform' } },
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
    branch(registered)
      .when({ type: 'SetUpCardProcessing', processing: { mode: 'platform' } })
      .then([setUp]);
    branch(registered, setUp)
      .when({ type: 'SetUpCardProcessing', processing: { mode: 'platform' } })
      .then(nothing);
  });

  it.each<CardProcessing>([KEYS, { ...KEYS, webhookEndpointId: 'we_1' }, CONNECTED])(
    'takes cards on an account of its own once: %j',
    (processing) => {
      const event: BranchEvent = { type: 'CardProcessingSetUp', data: processing };
      const command: BranchCommand = { type: 'SetUpCardProcessing', processing };
      branch(registered, setUp).when(command).then([event]);
      branch(registered, setUp, event).when(command).then(nothing);
      branch(registered, event, setUp).when(command).then([event]);
    },
  );

  it('knows another key, another page key, another account and another endpoint as a change', () => {
    for (const [before, after] of [
      [KEYS, { ...KEYS, secretFingerprint: 'bb'.repeat(8) }],
      [KEYS, { ...KEYS, publishableKey: 'pk_test_otherharbour' }],
      [KEYS, { ...KEYS, webhookEndpointId: 'we_1' }],
      [CONNECTED, { ...CONNECTED, accountId: 'acct_ConnectedPier' }],
      [CONNECTED, KEYS],
    ] as const) {
      branch(registered, { type: 'CardProcessingSetUp', data: before })
        .when({ type: 'SetUpCardProcessing', processing: after })
        .then([{ type: 'CardProcessingSetUp', data: after }]);
    }
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

describe('the messages of a branch', () => {
  const requestId = '0b7a4c53-2d4e-5d0f-8a11-6d1f7f1f0a01';
  const requested = {
    type: 'TestMessageRequested',
    data: { requestId, kind: 'receipt', language: 'es', channel: 'email', recipient: 'office@example.com' },
  } as const;
  const sent: BranchEvent = { type: 'TestMessageSent', data: { requestId, messageId: 'm', providerId: 'p' } };
  const report: BranchCommand = { type: 'RecordTestMessageSent', requestId, messageId: 'm', providerId: 'p' };

  it.each([
    ['invoice-link', 'InvoiceLinkMessageCustomized'],
    ['receipt', 'ReceiptMessageCustomized'],
    ['reminder', 'ReminderMessageCustomized'],
  ] as const)('are worded apart: %s', (kind, type) => {
    const customize: BranchCommand = { type: 'CustomizeMessage', kind, language: 'es', message };
    const event: BranchEvent = { type, data: { language: 'es', message } };
    branch(registered, worded).when(customize).then([event]);
    branch(registered, event).when(customize).then(nothing);
    const reset: BranchCommand = { type: 'ResetMessage', kind, language: 'es' };
    branch(registered, event)
      .when(reset)
      .then([{ type: 'MessageReset', data: { kind, language: 'es' } }]);
    branch(registered, event, { type: 'MessageReset', data: { kind, language: 'es' } })
      .when(reset)
      .then(nothing);
    branch(registered).when(reset).then(nothing);
  });

  it('are tried once, and what became of it is recorded once', () => {
    branch(registered).when({ type: 'RequestTestMessage', request: requested.data }).then([requested]);
    branch(registered, requested).when({ type: 'RequestTestMessage', request: requested.data }).then(nothing);
    branch(registered, requested).when(report).then([sent]);
    branch(registered, requested, sent).when(report).then(nothing);
    const failed: BranchCommand = { type: 'RecordTestMessageFailed', requestId, code: '550', reason: 'refused' };
    branch(registered, requested)
      .when(failed)
      .then([{ type: 'TestMessageFailed', data: { requestId, code: '550', reason: 'refused' } }]);
    branch(registered, requested, sent).when(failed).then(nothing);
  });
});

describe('senders and addresses of a branch', () => {
  it.each([
    ['emailFrom', 'a@example.com, b@example.com'],
    ['emailFrom', 'Ada <a@example.com>'],
    ['smsSender', '5550100'],
    ['smsSender', 'MG12'],
    ['privacyUrl', 'http://example.com'],
    ['privacyUrl', 'https://user@example.com'],
    ['termsUrl', 'javascript:alert(1)'],
    ['termsUrl', 'https://example.com/"><script>'],
  ])('%s cannot be %s', (field, value) => {
    branch(registered)
      .when({ type: 'UpdateBranch', changes: { [field]: value } })
      .then(refused('branch_detail_invalid', { field }));
  });

  it('can be set and cleared', () => {
    const changes = {
      emailFrom: 'invoices@example.com',
      smsSender: '+12125550100',
      privacyUrl: 'https://example.com/privacy?x=1',
    };
    const updated: BranchEvent = { type: 'BranchUpdated', data: { changes } };
    branch(registered).when({ type: 'UpdateBranch', changes }).then([updated]);
    branch(registered, updated)
      .when({ type: 'UpdateBranch', changes: { smsSender: null } })
      .then([{ type: 'BranchUpdated', data: { changes: { smsSender: null } } }]);
  });
});
