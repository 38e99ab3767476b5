/** What customers ask for beside paying, by forms without scripts: a fresh link, and the receipt by email. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { RevokeLink } from '../../src/application/invoice/revoke-link.js';
import { VoidInvoice } from '../../src/application/invoice/void-invoice.js';
import { by } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import type { JourneyOptions } from '../application/journey.js';
import { PayJourney } from './pay-journey.js';

const DAY_MS = 24 * 60 * 60_000;
/** Long after every link of these tests has expired. */
const LATER_MS = 120 * DAY_MS;

const begun: PayJourney[] = [];
afterEach(async () => {
  for (const each of begun.splice(0)) await each.stop();
});

async function begin(options: JourneyOptions = {}): Promise<PayJourney> {
  const pay = await PayJourney.begin(options);
  begun.push(pay);
  await pay.work();
  return pay;
}

describe('Send me a fresh link', () => {
  /** The page of a link that is over, and what its form sends. */
  async function overdue(options: JourneyOptions = {}, before: (pay: PayJourney) => Promise<unknown> = async () => {}) {
    const pay = await begin(options);
    await before(pay);
    pay.journey.world.clock.advance(LATER_MS);
    const page = await pay.get(`/pay/${pay.token()}`);
    const fields = pay.fieldsOf(page.text);
    const renew = (changes: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      pay.post(`/pay/${pay.token()}/renew`, { ...fields, ...changes }, headers);
    /** The page is loaded anew, which makes it another wish. */
    const wishAgain = async () =>
      pay.post(`/pay/${pay.token()}/renew`, pay.fieldsOf((await pay.get(`/pay/${pay.token()}`)).text));
    return { pay, page, fields, renew, wishAgain };
  }

  it('sends one to the recipient of the expired link, without a cookie, and says nothing of them', async () => {
    const { pay, page, renew } = await overdue();
    expect(page.status).toBe(410);
    expect(page.text).toContain('Send me a fresh link');
    expect(page.headers['set-cookie']).toBeUndefined();
    const answer = await renew();
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe(`/pay/${pay.token()}/asked`);
    const asked = await pay.get(answer.headers['location']!);
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('a fresh one is on its way');
    expect(asked.text).not.toContain('ada@example.com');
    expect(asked.text).not.toContain('405.94');
    await pay.work();
    const [first, fresh] = (await pay.eventsOf('LinkIssued')) as { linkId: string }[];
    expect(fresh).toMatchObject({ channel: 'email', recipient: 'ada@example.com', purpose: 'renewal' });
    expect(pay.journey.world.mailer.taken.map(({ to }) => to)).toEqual(['ada@example.com', 'ada@example.com']);
    expect((await pay.get(`/pay/${pay.token(fresh!.linkId)}`)).status).toBe(303);
    expect((await pay.get(`/pay/${pay.token(first!.linkId)}`)).status).toBe(410);
  });

  it('is one wish however often the button is pressed', async () => {
    const { pay, renew } = await overdue();
    const answers = await Promise.all([renew(), renew(), renew()]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(await pay.eventsOf('LinkRenewalRequested')).toHaveLength(1);
    expect(await pay.eventsOf('LinkIssued')).toHaveLength(2);
  });

  it.each<[string, Record<string, string>, Record<string, string>, number]>([
    ['another site', {}, { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a neighbouring site', {}, { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['an origin that hides itself', {}, { 'Sec-Fetch-Site': 'none', Origin: 'null' }, 403],
    ['a page that did not know the token', { _csrf: 'guessed' }, {}, 403],
    ['a form without its wish', { wish: 'again' }, {}, 400],
  ])('is refused from %s', async (_from, changes, headers, status) => {
    const { pay, renew } = await overdue();
    expect((await renew(changes, headers)).status).toBe(status);
    expect(await pay.eventsOf('LinkRenewalRequested')).toEqual([]);
  });

  it('is refused with the form of another link', async () => {
    const { pay, renew } = await overdue();
    const other = await overdue();
    expect((await renew({ _csrf: other.fields['_csrf']! })).status).toBe(403);
    expect(await pay.eventsOf('LinkRenewalRequested')).toEqual([]);
  });

  it('is granted three times within a day, and again on the next', async () => {
    const { pay, wishAgain } = await overdue();
    for (let wish = 0; wish < 3; wish += 1) expect((await wishAgain()).status).toBe(303);
    const refused = await wishAgain();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.text).toContain('Asked for often enough today');
    expect(refused.text).not.toContain('405.94');
    expect(await pay.eventsOf('LinkRenewalRequested')).toHaveLength(3);
    pay.journey.world.clock.advance(DAY_MS + 1);
    expect((await wishAgain()).status).toBe(303);
  });

  it('sends nothing for a revoked link and tells the branch, while who asked is told the same', async () => {
    const { pay, page, renew } = await overdue({}, ({ journey }) =>
      journey.app.ask(new RevokeLink({ invoiceId: journey.invoiceId, linkId: journey.linkId }, by('staff:1'))),
    );
    expect(page.text).toContain('This link was withdrawn');
    const answer = await renew();
    const granted = await overdue();
    const [told, toldOther] = await Promise.all([
      pay.get(answer.headers['location']!),
      granted.pay.get((await granted.renew()).headers['location']!),
    ]);
    expect(told.text.replaceAll(/nonce-?"?[^"]+"/g, '')).toBe(toldOther.text.replaceAll(/nonce-?"?[^"]+"/g, ''));
    await pay.work();
    expect(await pay.eventsOf('LinkRenewalRequested')).toMatchObject([{ outcome: 'revoked' }]);
    expect(await pay.eventsOf('LinkIssued')).toHaveLength(1);
    expect(pay.journey.world.mailer.taken.at(-1)).toMatchObject({
      to: 'office@example.com',
      subject: 'Fresh link to INV-1001 asked for',
      text: 'revoked',
    });
  });

  it('sends nothing for a link that was copied: it had no recipient', async () => {
    const { pay, renew } = await overdue({ channel: 'none' });
    expect((await renew()).status).toBe(303);
    expect(await pay.eventsOf('LinkRenewalRequested')).toMatchObject([{ outcome: 'no_recipient' }]);
  });

  it.each<[string, (pay: PayJourney) => Promise<unknown>]>([
    ['paid', payByAnotherLink],
    [
      'void',
      ({ journey }) =>
        journey.app.ask(new VoidInvoice({ invoiceId: journey.invoiceId, reason: 'Sent twice' }, by('staff:1'))),
    ],
  ])('leads back to the link where the invoice is %s by now', async (_what, overtake) => {
    const { pay, renew } = await overdue();
    await overtake(pay);
    const answer = await renew();
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe(`/pay/${pay.token()}`);
    expect(await pay.eventsOf('LinkRenewalRequested')).toEqual([]);
  });

  it('answers 404 to a token that opens nothing', async () => {
    const { pay, fields } = await overdue();
    expect((await pay.post('/pay/nothing/renew', fields)).status).toBe(404);
    expect((await pay.get('/pay/nothing/asked')).status).toBe(404);
  });
});

describe('Email me the receipt', () => {
  const PLACE = 'grace@example.net';

  /** Paid by the link of a text, with the receipt numbered and texted. */
  async function paid(options: JourneyOptions = { channel: 'sms' }) {
    const pay = await begin(options);
    await pay.journey.pay(CARDS.credit);
    await pay.work();
    const path = `/pay/i/${pay.journey.linkId}`;
    const page = await pay.get(path, pay.cookie());
    const { _csrf = '' } = pay.fieldsOf(page.text);
    const ask = (email: string, changes: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      pay.post(`${path}/receipt-email`, { _csrf, email, ...changes }, { Cookie: pay.cookie(), ...headers });
    return { pay, path, page, ask };
  }

  it('goes to the address that was typed, which the page does not show', async () => {
    const { pay, path, page, ask } = await paid();
    expect(page.text).toContain('Email me the receipt');
    const answer = await ask(` ${PLACE} `);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toBe(path);
    const waiting = await pay.get(path, pay.cookie());
    expect(waiting.text).toContain('on its way to the address that you gave');
    expect(waiting.text).not.toContain(PLACE);
    await pay.work();
    const [mail] = pay.journey.world.mailer.taken;
    expect(mail).toMatchObject({ to: PLACE, messageId: expect.stringMatching(/^receipt-email\./) as unknown });
    expect(await pay.eventsOf('ReceiptEmailSent')).toHaveLength(1);
    expect((await pay.get(path, pay.cookie())).text).not.toContain(PLACE);
  });

  it('goes once to an address, however often it is asked for', async () => {
    const { pay, ask } = await paid();
    await Promise.all([ask(PLACE), ask(PLACE)]);
    await pay.work();
    expect((await ask(PLACE)).status).toBe(303);
    await pay.work();
    expect(pay.journey.world.mailer.taken.map(({ to }) => to)).toEqual([PLACE]);
  });

  it('goes to three addresses at most, and the page says so', async () => {
    const { pay, path, ask } = await paid();
    for (const name of ['one', 'two', 'three', 'four']) expect((await ask(`${name}@example.net`)).status).toBe(303);
    await pay.work();
    expect(pay.journey.world.mailer.taken).toHaveLength(3);
    const { text } = await pay.get(path, pay.cookie());
    expect(text).toContain('Three addresses were given, which is the most');
    expect(text).not.toContain('Email me the receipt');
  });

  it.each([
    'nobody',
    '',
    'one@example.net, two@example.net',
    'a@example.net\r\nBcc: b@example.net',
    '@',
    'a@b@c.example',
  ])('says beside the field that %j is no address, and keeps what was typed', async (typed) => {
    const { pay, ask } = await paid();
    const answer = await ask(typed);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('This is not an email address that a receipt can be sent to.');
    expect(answer.text).toMatch(/aria-invalid="true" aria-describedby="receipt-address-mistake"/);
    if (typed === 'nobody') expect(answer.text).toContain('value="nobody"');
    expect(await pay.eventsOf('ReceiptEmailRequested')).toEqual([]);
  });

  it('escapes what was typed', async () => {
    const { ask } = await paid();
    expect((await ask('"><script>alert(1)</script>')).text).not.toContain('<script>alert');
  });

  it('says so where the address takes nothing, and may be asked for again', async () => {
    const { pay, path, ask } = await paid();
    pay.journey.world.mailer.moods.push({ outcome: 'refused', code: '550', reason: 'No such mailbox' });
    await ask(PLACE);
    await pay.work();
    expect((await pay.get(path, pay.cookie())).text).toContain('could not be delivered to the address that you gave');
    await ask(PLACE);
    await pay.work();
    expect(pay.journey.world.mailer.taken.map(({ to }) => to)).toEqual([PLACE]);
  });

  it.each<[string, Record<string, string>, Record<string, string>, number]>([
    ['a browser without the cookie', {}, { Cookie: '' }, 403],
    ['another site', {}, { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['a page that did not know the token', { _csrf: 'guessed' }, {}, 403],
    ['a form that is far too long', { email: 'a'.repeat(2_000) }, {}, 400],
  ])('is refused from %s', async (_from, changes, headers, status) => {
    const { pay, ask } = await paid();
    expect((await ask(PLACE, changes, headers)).status).toBe(status);
    expect(await pay.eventsOf('ReceiptEmailRequested')).toEqual([]);
  });

  it('is not offered to who paid by a link that was emailed: the receipt goes there', async () => {
    const { page } = await paid({ channel: 'email' });
    expect(page.text).toContain('A copy of the receipt goes to');
    expect(page.text).not.toContain('Email me the receipt');
  });

  it('is not given to who holds another link of the invoice', async () => {
    const pay = await begin({ channel: 'sms' });
    const linkId = await pay.journey.anotherLink();
    await pay.journey.pay(CARDS.credit);
    await pay.work();
    const cookie = pay.cookie(linkId);
    const page = await pay.get(`/pay/i/${linkId}`, cookie);
    expect(page.text).not.toContain('Email me the receipt');
    const _csrf = /"csrf":"([^"]+)"/.exec(page.text.replaceAll('&quot;', '"'))?.[1] ?? '';
    const answer = await pay.post(`/pay/i/${linkId}/receipt-email`, { _csrf, email: PLACE }, { Cookie: cookie });
    expect(answer.status).toBe(303);
    expect(await pay.eventsOf('ReceiptEmailRequested')).toEqual([]);
  });
});

/** By a link that staff have just made, since the customer's own is over. */
async function payByAnotherLink({ journey }: PayJourney): Promise<void> {
  const linkId = await journey.anotherLink();
  await journey.submit(await journey.quote(CARDS.credit, linkId), { linkId });
}
