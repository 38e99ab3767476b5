/** What a repeat of a key of its caller's own may ask of a branch: the same again, and nothing else. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Command } from '@nestjs/cqrs';
import type { BranchWritten } from '../../src/application/branch/branch-view.js';
import { GetBranch } from '../../src/application/branch/get-branch.js';
import { RegisterBranch } from '../../src/application/branch/register-branch.js';
import { SetFeePolicy } from '../../src/application/branch/set-fee-policy.js';
import { SetUpCardProcessing } from '../../src/application/branch/set-up-card-processing.js';
import { UpdateBranch } from '../../src/application/branch/update-branch.js';
import type { CommandContext } from '../../src/application/command-context.js';
import { by } from '../support/doubles/application.js';
import { BRANCH } from '../support/given-invoice.js';
import { Journey } from './journey.js';

const KEYS = {
  mode: 'keys',
  secretKey: 'sk_test_acctHarbour_0042',
  publishableKey: 'pk_test_acctHarbour_0042',
} as const;
const chosen = (cause: string): CommandContext => ({ ...by('staff:1', cause), causeIsChosen: true });

let journey: Journey;
beforeEach(async () => {
  journey = await Journey.begin();
});

type Setting = (branchId: string) => Command<BranchWritten>;

/** What is set, a first request for it, and another. */
const CASES: readonly (readonly [string, Setting, Setting])[] = [
  [
    'details',
    (branchId: string) => new UpdateBranch({ branchId, changes: { name: 'Harbour' } }, chosen('once')),
    (branchId: string) => new UpdateBranch({ branchId, changes: { name: 'Quay' } }, chosen('once')),
  ],
  [
    'the fee policy',
    (branchId: string) => new SetFeePolicy({ branchId, policy: { enabled: true, rateBps: 200 } }, chosen('once')),
    (branchId: string) => new SetFeePolicy({ branchId, policy: { enabled: true, rateBps: 250 } }, chosen('once')),
  ],
  [
    'card processing',
    (branchId: string) => new SetUpCardProcessing({ branchId, ...KEYS }, chosen('once')),
    (branchId: string) =>
      new SetUpCardProcessing({ branchId, ...KEYS, secretKey: 'sk_test_acctHarbour_0043' }, chosen('once')),
  ],
  [
    'card processing, elsewhere',
    (branchId: string) =>
      new SetUpCardProcessing({ branchId, mode: 'connect', account: 'acct_ConnectedPier' }, chosen('once')),
    (branchId: string) => new SetUpCardProcessing({ branchId, mode: 'platform' }, chosen('once')),
  ],
];

describe('a repeat with the same key', () => {
  it.each(CASES)('is quiet about %s where it asks for the same, also after others changed it', async (...[, first]) => {
    const { app, branchId, world } = journey;
    const { branch } = await app.ask(first(branchId));
    const events = world.store.all().length;
    expect((await app.ask(first(branchId))).branch).toEqual(branch);
    expect(world.store.all()).toHaveLength(events);
    await app.ask(new UpdateBranch({ branchId, changes: { name: 'Mole' } }, by('staff:2')));
    await app.ask(new SetFeePolicy({ branchId, policy: { enabled: false, rateBps: 0 } }, by('staff:2')));
    await app.ask(new SetUpCardProcessing({ branchId, mode: 'connect', account: 'acct_Another01' }, by('staff:2')));
    const now = await app.ask(new GetBranch({ branchId }));
    expect((await app.ask(first(branchId))).branch).toEqual(now);
  });

  it.each(CASES)(
    'is refused where it asks for something else of %s, and changes nothing',
    async (...[, first, other]) => {
      const { app, branchId, world } = journey;
      const { branch } = await app.ask(first(branchId));
      const { registered } = world.processor;
      const before = [world.store.all().length, registered.length, await world.branchSecrets.latestKey(branchId)];
      await expect(app.ask(other(branchId))).rejects.toMatchObject({ code: 'idempotency_key_reused' });
      expect(await app.ask(new GetBranch({ branchId }))).toEqual(branch);
      expect([world.store.all().length, registered.length, await world.branchSecrets.latestKey(branchId)]).toEqual(
        before,
      );
    },
  );

  it('of a registration is held against what was registered', async () => {
    const { app } = journey;
    const { branch } = await app.ask(new RegisterBranch({ details: BRANCH }, chosen('once')));
    await app.ask(new UpdateBranch({ branchId: branch.branchId, changes: { name: 'Mole' } }, by('staff:2')));
    const again = await app.ask(new RegisterBranch({ details: BRANCH }, chosen('once')));
    expect(again.branch).toMatchObject({ branchId: branch.branchId, details: { name: 'Mole' } });
    const other = new RegisterBranch({ details: { ...BRANCH, name: 'Mole' } }, chosen('once'));
    await expect(app.ask(other)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('is refused also where both come at once and ask for different things: one of them is done', async () => {
    const { app, branchId } = journey;
    const named = (name: string) => new UpdateBranch({ branchId, changes: { name } }, chosen('once'));
    const [first, other] = [named('Harbour'), named('Quay')];
    const done = await Promise.allSettled([app.ask(first), app.ask(other)]);
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = done.find((each) => each.status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'idempotency_key_reused' } });
  });
});
