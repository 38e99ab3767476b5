import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CardProcessor, ProcessorKeyMissing, ProcessorUnavailable } from '../../src/application/ports.js';
import { BranchDesk, mistakeAt } from '../support/branch-desk.js';
import { hidden, type Browser } from '../support/staff-world.js';
import { FakeCardProcessor } from '../support/doubles/card-processor.js';

const SECRET_KEY = 'sk_test_acctHarbour_secretOfTheHarbour0042';
const KEYS = { mode: 'keys', secretKey: SECRET_KEY, publishableKey: 'pk_test_acctHarbour_0042' };
const CONNECT = { mode: 'connect', account: 'acct_ConnectedHarbour' };

let desk: BranchDesk;
beforeAll(async () => {
  desk = await BranchDesk.start();
  // What Stripe would say, without Stripe.
  const fake = new FakeCardProcessor({ now: () => new Date() });
  Object.assign(desk.world.app.get(CardProcessor), {
    tryKey: (key) => fake.tryKey(key),
    tryPair: (keys) => fake.tryPair(keys),
    describeAccount: () => fake.describeAccount(),
    registerNotices: (account, wanted) => fake.registerNotices(account, wanted),
    withdrawNotices: (account, endpointId) => fake.withdrawNotices(account, endpointId),
  } satisfies Partial<CardProcessor>);
});
afterAll(() => desk.world.dispose());

async function save(branchId: string, typed: Readonly<Record<string, string>>, status: number): Promise<string> {
  const path = `/staff/branches/${branchId}/card-processing`;
  const answer = await desk.admin.post(path, { ...(await desk.open(path)), ...typed });
  expect(answer.status).toBe(status);
  return answer.text;
}

const shown = async (branchId: string): Promise<string> =>
  (await desk.admin.get(`/staff/branches/${branchId}/card-processing`).expect(200)).text;

describe('the tab Card processing', () => {
  it('offers three ways, the service’s account first, and is counted once one is chosen', async () => {
    const branchId = await desk.branch();
    const before = await shown(branchId);
    expect(
      [...before.matchAll(/name="mode" value="(\w+)"[^>]*?( checked)?>/g)].map(([, mode, is]) => [
        mode,
        is !== undefined,
      ]),
    ).toEqual([
      ['platform', true],
      ['keys', false],
      ['connect', false],
    ]);
    await save(branchId, CONNECT, 303);
    expect((await desk.read(branchId)).cardProcessing).toMatchObject({ mode: 'connect', accountId: CONNECT.account });
    expect(await shown(branchId)).toContain('acct_ConnectedHarbour');
    expect((await desk.admin.get(`/staff/branches/${branchId}`).expect(200)).text).toContain('1 of 5');
  });

  it('takes keys and never shows the secret one again', async () => {
    const branchId = await desk.branch();
    await save(branchId, KEYS, 303);
    const page = await shown(branchId);
    expect(page).toContain('The one in use ends in 0042.');
    expect(page).toContain('value="pk_test_acctHarbour_0042"');
    expect(page).toContain('name="secretKey" type="password" value="" autocomplete="new-password"');
    expect(page).not.toContain('secretOfTheHarbour');
    const test = await desk.admin.post(`/staff/branches/${branchId}/card-processing/test`, {
      ...(await desk.open(`/staff/branches/${branchId}/card-processing`)),
    });
    expect(test.text).toContain('The processor answered');
  });

  it.each([
    ['secretKey', { ...KEYS, secretKey: '' }, 'It must be a key of Stripe'],
    ['secretKey', { ...KEYS, secretKey: 'secretOfTheHarbour' }, 'It must be a secret or restricted key'],
    ['secretKey', { ...KEYS, secretKey: `${SECRET_KEY}_revoked` }, 'Stripe did not let this key in (api_key_expired)'],
    ['publishableKey', { ...KEYS, publishableKey: 'pk_live_acctHarbour_0042' }, 'It must be of the same mode'],
    ['publishableKey', { ...KEYS, publishableKey: 'pk_test_acctQuay_0042' }, 'It is of another account'],
    ['account', { ...CONNECT, account: 'Harbour' }, 'It must be the id of an account'],
    ['account', { ...CONNECT, account: '' }, 'It '],
  ])('says beside %s what is wrong, and keeps what was typed but the secret: %j', async (field, typed, words) => {
    const branchId = await desk.branch();
    const page = await save(branchId, typed, 422);
    expect(mistakeAt(page, field)).toContain(words);
    expect(page).not.toContain('secretOfTheHarbour');
    expect(page).toMatch(new RegExp(`name="mode" value="${typed.mode}"[^>]* checked`));
    if ('publishableKey' in typed) expect(page).toContain(`value="${typed.publishableKey}"`);
    expect((await desk.read(branchId)).cardProcessing).toBeUndefined();
  });

  it('changes nothing while the processor does not answer, and says so', async () => {
    const branchId = await desk.branch();
    const processor = desk.world.app.get(CardProcessor);
    const { tryKey } = processor;
    Object.assign(processor, { tryKey: () => Promise.reject(new ProcessorUnavailable('away')) });
    try {
      expect(await save(branchId, KEYS, 422)).toContain('Stripe did not answer. Nothing was changed; try again.');
      expect((await desk.read(branchId)).cardProcessing).toBeUndefined();
    } finally {
      Object.assign(processor, { tryKey });
    }
  });

  it('tells whoever had it open that somebody else set it up meanwhile, and saves only after that', async () => {
    const branchId = await desk.branch();
    const path = `/staff/branches/${branchId}/card-processing`;
    const form = await desk.open(path);
    await save(branchId, CONNECT, 303);
    const conflict = await desk.admin.post(path, { ...form, ...KEYS }).expect(409);
    expect(conflict.text).toContain('Ada Byron changed this');
    expect(conflict.text).toMatch(/<del>\(nothing\)<\/del>\s*<ins>acct_ConnectedHarbour<\/ins>/);
    expect(conflict.text).not.toContain('secretOfTheHarbour');
    expect((await desk.read(branchId)).cardProcessing).toMatchObject({ mode: 'connect' });
    const again = { ...KEYS, cause: hidden(conflict.text, 'cause'), revision: hidden(conflict.text, 'revision') };
    await desk.admin.post(path, { ...again, _csrf: hidden(conflict.text, '_csrf') }).expect(303);
    expect((await desk.read(branchId)).cardProcessing).toMatchObject({ mode: 'keys' });
  });

  it('does not say that it saved what a form that was sent before has in it now', async () => {
    const branchId = await desk.branch();
    const path = `/staff/branches/${branchId}/card-processing`;
    const form = await desk.open(path);
    await desk.admin.post(path, { ...form, ...CONNECT }).expect(303);
    await desk.admin.post(path, { ...form, ...CONNECT }).expect(303);
    const back = await desk.admin.post(path, { ...form, ...CONNECT, account: 'acct_ConnectedQuay' }).expect(422);
    expect(back.text).toContain('What you typed now is not saved yet');
    expect(back.text).toContain('value="acct_ConnectedQuay"');
    expect((await desk.read(branchId)).cardProcessing).toMatchObject({ accountId: CONNECT.account });
  });

  it('says that the key is not kept any more, and what to do', async () => {
    const branchId = await desk.branch();
    await save(branchId, KEYS, 303);
    const processor = desk.world.app.get(CardProcessor);
    const { describeAccount } = processor;
    Object.assign(processor, { describeAccount: () => Promise.reject(new ProcessorKeyMissing('gone')) });
    try {
      const path = `/staff/branches/${branchId}/card-processing`;
      const test = await desk.admin.post(`${path}/test`, await desk.open(path));
      expect(test.text).toContain('The secret key of this branch is not kept here any more');
    } finally {
      Object.assign(processor, { describeAccount });
    }
  });

  it('names no account of a branch that whoever asks may not use', async () => {
    const [harbour, quay] = [await desk.branch(), await desk.branch()];
    const account = 'acct_ConnectedElsewhere';
    const someone = await desk.someone('admin', [quay]);
    await save(harbour, { ...CONNECT, account }, 303);
    await desk.world.catchUp();
    const path = `/staff/branches/${quay}/card-processing`;
    const send = async (browser: Browser, more: object = {}) =>
      browser.post(path, { ...(await desk.open(path, browser)), ...CONNECT, account, ...more });
    const refused = await send(someone);
    expect([refused.status, mistakeAt(refused.text, 'account')]).toEqual([
      422,
      'This account is connected to a branch that you may not use. Ask somebody who may use both.',
    ]);
    expect((await desk.read(quay)).cardProcessing).toBeUndefined();
    // Of theirs, of nobody's, and by somebody who may use both.
    expect((await send(someone, { account: 'acct_ConnectedNobody' })).status).toBe(303);
    expect((await send(await desk.someone('admin', [quay, harbour]))).status).toBe(303);
    expect((await send(desk.admin)).status).toBe(303);
  });

  it('asks for a choice where a program sends none', async () => {
    const branchId = await desk.branch();
    expect(await save(branchId, { mode: 'own' }, 422)).toContain('id="mode-error">It must be &quot;platform&quot;');
    expect((await desk.read(branchId)).cardProcessing).toBeUndefined();
  });
});
