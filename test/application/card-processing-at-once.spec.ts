/** Two people who set up card processing of one branch at once, and a key that was lost. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SeenPart } from '../../src/application/branch/branch-parts.js';
import { GetBranch } from '../../src/application/branch/get-branch.js';
import { SetUpCardProcessing, type CardProcessingInput } from '../../src/application/branch/set-up-card-processing.js';
import { UpdateBranch } from '../../src/application/branch/update-branch.js';
import { by } from '../support/doubles/application.js';
import { Journey } from './journey.js';

const HARBOUR = {
  mode: 'keys',
  secretKey: 'sk_test_acctHarbour_0042',
  publishableKey: 'pk_test_acctHarbour_0042',
} as const;
const QUAY = {
  mode: 'keys',
  secretKey: 'sk_test_acctQuay_0007',
  publishableKey: 'pk_test_acctQuay_0007',
} as const;

let journey: Journey;
beforeEach(async () => {
  journey = await Journey.begin();
});

const setUp = (input: CardProcessingInput, seen?: SeenPart) =>
  journey.app.ask(
    new SetUpCardProcessing({ branchId: journey.branchId, ...input, ...(seen && { seen }) }, by('staff:1')),
  );
const now = () => journey.app.ask(new GetBranch({ branchId: journey.branchId }));
const seenNow = async (): Promise<SeenPart> => ({ part: 'card', revision: (await now()).revision });

describe('card processing that somebody else set up since it was looked at', () => {
  it('is refused before anything is tried, kept or registered', async () => {
    const seen = await seenNow();
    await setUp(HARBOUR);
    const { processor, branchSecrets } = journey.world;
    const kept = await branchSecrets.latestKey(journey.branchId);
    await expect(setUp(QUAY, seen)).rejects.toMatchObject({ code: 'version_changed' });
    expect(await branchSecrets.latestKey(journey.branchId)).toEqual(kept);
    expect([processor.registered.length, processor.withdrawn]).toEqual([1, []]);
    expect((await now()).cardProcessing).toMatchObject({ publishableKey: HARBOUR.publishableKey });
    // Looked at again.
    await setUp(QUAY, await seenNow());
    expect((await now()).cardProcessing).toMatchObject({ publishableKey: QUAY.publishableKey });
  });

  it('is no matter of other parts of the branch, nor of an endpoint that was registered anew', async () => {
    const seen = await seenNow();
    const { branchId } = journey;
    await journey.app.ask(new UpdateBranch({ branchId, changes: { name: 'Harbour' } }, by('staff:2')));
    await setUp(HARBOUR, seen);
    expect((await now()).cardProcessing).toMatchObject({ publishableKey: HARBOUR.publishableKey });
  });

  it('while the processor is asked is seen at the end: the one who lost takes back the own endpoint alone', async () => {
    const seen = await seenNow();
    const { processor } = journey.world;
    const register = processor.registerNotices.bind(processor);
    let isFirst = true;
    Object.assign(processor, {
      registerNotices: async (...asked: Parameters<typeof register>) => {
        const made = await register(...asked);
        // In this moment somebody else is done with theirs.
        if (isFirst) {
          isFirst = false;
          await setUp(QUAY, seen);
        }
        return made;
      },
    });
    await expect(setUp(HARBOUR, seen)).rejects.toMatchObject({ code: 'version_changed' });
    const { cardProcessing } = await now();
    expect(cardProcessing).toMatchObject({ publishableKey: QUAY.publishableKey, webhookEndpointId: 'we_2' });
    expect(processor.withdrawn).toEqual(['we_1']);
  });
});

describe('a key that is lost here', () => {
  it('is given again by setting up again, and its notices come by a new endpoint', async () => {
    await setUp(HARBOUR);
    const before = await now();
    const { branchSecrets } = journey.world;
    const secretFingerprint = createHash('sha256').update(HARBOUR.secretKey).digest('hex').slice(0, 16);
    const keys = { mode: 'keys', branchId: journey.branchId, secretFingerprint } as const;
    branchSecrets.lose(journey.branchId);
    expect(await branchSecrets.key(keys)).toBeUndefined();
    await setUp(HARBOUR);
    expect(await branchSecrets.key(keys)).toBe(HARBOUR.secretKey);
    expect((await now()).cardProcessing).toMatchObject({ ...before.cardProcessing, webhookEndpointId: 'we_2' });
  });
});
