import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { ProcessorRefused, ProcessorUnavailable } from '../../src/application/ports.js';
import { DomainError } from '../../src/domain/errors.js';
import { startPayFixture, type PayFixture, type Scene } from '../support/pay-fixtures.js';
import { DEBIT_QUOTE, QUOTE } from '../support/pay-pages.js';

let fixture: PayFixture;
beforeAll(async () => {
  fixture = await startPayFixture({ attemptsPerHour: 1000 });
});
afterAll(() => fixture.stop());

const cookieOf = (linkId: string) => `__Host-pay-${linkId}=pay-${linkId}`;
const PAY = { quoteId: QUOTE.quoteId, quoteHash: QUOTE.quoteHash, accepted: true };

/** What a page of this link knows. */
async function csrfOf(linkId: string, from = fixture): Promise<string> {
  const { text } = await request(from.origin).get(`/pay/i/${linkId}`).set('Cookie', cookieOf(linkId));
  return /&quot;csrf&quot;:&quot;([\w-]+)&quot;/.exec(text)![1]!;
}

async function post(
  linkId: string,
  action: string,
  body: object,
  headers: Record<string, string> = {},
  from = fixture,
) {
  const csrf = await csrfOf(linkId, from);
  return request(from.origin)
    .post(`/pay/i/${linkId}/${action}`)
    .set({ Cookie: cookieOf(linkId), 'X-CSRF-Token': csrf, 'Sec-Fetch-Site': 'same-origin', ...headers })
    .send(body);
}

describe('a state change', () => {
  it('is refused without the cookie, the token of the page, or from another origin', async () => {
    const linkId = fixture.link();
    const other = await csrfOf(fixture.link());
    const before = fixture.world.commands.length;
    const wrong: Record<string, string>[] = [
      { Cookie: '' },
      { 'X-CSRF-Token': '' },
      { 'X-CSRF-Token': other },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
    ];
    for (const headers of wrong) {
      for (const action of ['opened', 'quote', 'pay', 'settle', 'release']) {
        const answer = await post(linkId, action, {}, headers);
        expect(answer.status).toBe(403);
        expect(answer.type).toBe('application/problem+json');
      }
    }
    expect(fixture.world.commands).toHaveLength(before);
  });

  it('looks at the origin only where the browser says nothing of the site, and null is no origin', async () => {
    const linkId = fixture.link();
    const csrf = await csrfOf(linkId);
    const open = (headers: Record<string, string>) =>
      request(fixture.origin)
        .post(`/pay/i/${linkId}/opened`)
        .set({ Cookie: cookieOf(linkId), 'X-CSRF-Token': csrf, ...headers })
        .send({ evidence: 'dwell' });
    expect((await open({ Origin: fixture.origin })).status).toBe(204);
    expect((await open({ Origin: 'null' })).status).toBe(403);
    expect((await open({ Origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await open({})).status).toBe(403);
    expect((await open({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })).status).toBe(204);
  });

  it('is refused where its body is not exactly of its shape, and no card number gets in', async () => {
    const linkId = fixture.link();
    const before = fixture.world.commands.length;
    const wrong: [string, object][] = [
      ['opened', {}],
      ['opened', { evidence: 'scanner' }],
      ['opened', { evidence: 'dwell', more: 1 }],
      ['quote', { confirmationTokenId: '4242424242424242' }],
      ['quote', { confirmationTokenId: 'x' }],
      ['quote', { confirmationTokenId: ['ctoken_1'] }],
      ['pay', { ...PAY, accepted: 'yes' }],
      ['pay', { ...PAY, quoteHash: 'x' }],
      ['pay', { ...PAY, amountMinor: 1 }],
      ['settle', { outcome: 'captured' }],
      ['release', []],
    ];
    for (const [action, body] of wrong) {
      const answer = await post(linkId, action, body);
      expect({ action, body, status: answer.status }).toEqual({ action, body, status: 400 });
    }
    expect(fixture.world.commands).toHaveLength(before);
  });
});

describe('opened', () => {
  it('records who showed what', async () => {
    const linkId = fixture.link();
    const answer = await post(linkId, 'opened', { evidence: 'interaction' }, { 'User-Agent': 'Browser/1' });
    expect(answer.status).toBe(204);
    expect(fixture.world.commands.at(-1)).toMatchObject({
      input: { linkId, evidence: 'interaction', browser: { ip: '127.0.0.1', userAgent: 'Browser/1' } },
      context: { actor: `customer:${linkId}` },
    });
  });
});

describe('a quote', () => {
  it('comes in the money and words that the page shows', async () => {
    const answer = await post(fixture.link(), 'quote', { confirmationTokenId: 'ctoken_1Abc' });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toMatchObject({
      quoteId: QUOTE.quoteId,
      card: 'Visa credit card ending in 4242',
      balance: '$405.94',
      fee: '$12.17',
      total: '$418.11',
      consent: 'I agree to the processing fee of $12.17',
      submit: 'Submit Payment $418.11',
    });
  });

  it('has neither fee nor box for a debit card', async () => {
    const answer = await post(fixture.link({}, { quote: DEBIT_QUOTE }), 'quote', {
      confirmationTokenId: 'ctoken_1Abc',
    });
    expect(answer.body).toMatchObject({ fee: null, consent: null, submit: 'Submit Payment $405.94' });
  });

  it.each([
    [new ProcessorRefused('resource_missing', 'No such token: ctoken_secret'), 409, 'card_refused'],
    [new ProcessorUnavailable('away'), 503, 'away'],
    [new DomainError('invoice_paid'), 409, 'invoice_paid'],
    [new DomainError('link_expired'), 410, 'link_expired'],
  ])('says in words why there is none: %s', async (quote, status, code) => {
    const answer = await post(fixture.link({}, { quote }), 'quote', { confirmationTokenId: 'ctoken_1Abc' });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code, detail: expect.stringMatching(/\w+ \w+/) });
    expect(answer.text).not.toContain('ctoken_secret');
    expect(answer.headers['retry-after']).toBe(status === 503 ? '10' : undefined);
  });
});

describe('paying', () => {
  it('hands over quote and consent, and nothing else that could name a price', async () => {
    const linkId = fixture.link({}, { outcomes: [{ outcome: 'captured', paymentId: 'payment' }] });
    const answer = await post(linkId, 'pay', PAY);
    expect(answer.body).toEqual({ outcome: 'captured' });
    const { input } = fixture.world.commands.at(-1)!;
    expect(input).toEqual({ linkId, ...PAY, browser: { ip: expect.any(String), userAgent: expect.any(String) } });
  });

  it.each([
    ['card_declined', 'generic_decline', 'Your bank gave no reason'],
    ['card_declined', 'insufficient_funds', 'not enough money'],
    ['card_declined', 'lost_card', 'Your bank gave no reason'],
    ['expired_card', 'expired_card', 'The card has expired'],
    ['incorrect_cvc', undefined, 'security code is not right'],
    ['processing_error', undefined, 'could not be processed'],
    ['payment_intent_authentication_failure', undefined, 'could not confirm that it was you'],
    ['something_new', undefined, 'was declined'],
  ])('says of %s / %s what to do', async (code, declineCode, words) => {
    const outcomes: Scene['outcomes'] = [{ outcome: 'failed', code, declineCode }];
    const answer = await post(fixture.link({}, { outcomes }), 'pay', PAY);
    expect(answer.body.outcome).toBe('failed');
    expect(answer.body.message).toContain(words);
  });

  it('gives the bank’s step its secret, and settles and releases', async () => {
    const outcomes: Scene['outcomes'] = [
      { outcome: 'requires_action', clientSecret: 'pi_1_secret_2' },
      { outcome: 'checking' },
      { outcome: 'released' },
    ];
    const linkId = fixture.link({}, { outcomes });
    expect((await post(linkId, 'pay', PAY)).body).toEqual({
      outcome: 'requires_action',
      clientSecret: 'pi_1_secret_2',
    });
    expect((await post(linkId, 'settle', {})).body).toEqual({ outcome: 'checking' });
    expect((await post(linkId, 'release', {})).body).toEqual({ outcome: 'released' });
  });

  it('pauses a link for an hour after five declined cards, and no other link', async () => {
    const outcomes: Scene['outcomes'] = [{ outcome: 'failed', code: 'card_declined', declineCode: undefined }];
    const linkId = fixture.link({}, { outcomes });
    for (let decline = 0; decline < 5; decline += 1) expect((await post(linkId, 'pay', PAY)).status).toBe(200);
    const paused = await post(linkId, 'pay', PAY);
    expect(paused.status).toBe(429);
    expect(paused.body).toMatchObject({ code: 'declines_paused' });
    expect(Number(paused.headers['retry-after'])).toBeGreaterThan(3500);
    expect((await post(fixture.link({}, { outcomes }), 'pay', PAY)).status).toBe(200);
  });

  it('bounds the tries of one address', async () => {
    const strict = await startPayFixture({ attemptsPerHour: 2 });
    try {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const linkId = strict.link({}, { outcomes: [{ outcome: 'checking' }] });
        statuses.push((await post(linkId, 'pay', PAY, {}, strict)).status);
      }
      expect(statuses).toEqual([200, 200, 429]);
    } finally {
      await strict.stop();
    }
  });
});
