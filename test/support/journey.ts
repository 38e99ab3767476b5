/** The whole journey over HTTP, as staff and a customer with a browser make it, but without one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PatientClient, type Answer } from './journey-http.js';

export const CREDIT = '4242424242424242';
export const DEBIT = '4000056655665556';
export const DECLINED = '4000000000000002';
export const THREE_D_SECURE = '4000002760003184';

export interface JourneyPlan {
  readonly number: string;
  readonly branchId: string;
  readonly channel: 'email' | 'sms';
  /** Of this journey only: its messages are found by it. */
  readonly recipient: string;
  /** Tried one after the other; the last one pays. */
  readonly cards: readonly string[];
  readonly unitPriceMinor: number;
}

export interface Surroundings {
  /** Asked each time, since a restart may change them. */
  readonly api: string;
  readonly key: string;
  readonly origin: string;
  readonly inbox: string;
}

export interface FinishedJourney {
  readonly plan: JourneyPlan;
  readonly invoiceId: string;
  readonly linkId: string;
  readonly messages: readonly Message[];
  readonly repeats: number;
}

export interface Message {
  readonly id: string;
  readonly channel: 'email' | 'sms';
  readonly to: string;
  readonly messageId?: string;
  readonly text: string;
}

/** What a pay page tells its script. */
interface PageData {
  readonly base: string;
  readonly csrf: string;
  readonly state: string;
  readonly awaitsReceipt: boolean;
  readonly clientSecret?: string;
  readonly card?: { readonly publishableKey: string; readonly connectedAccount?: string };
}

interface Quote {
  readonly quoteId: string;
  readonly quoteHash: string;
  readonly consent: string | null;
}

const POLL_MS = 400;

export class Journey {
  private readonly http: PatientClient;
  private cookie = '';
  private declined = 0;

  constructor(
    private readonly at: Surroundings,
    private readonly plan: JourneyPlan,
    limitMs: number,
  ) {
    this.http = new PatientClient(Date.now() + limitMs);
  }

  /** @throws where a step is refused, or not done before the limit */
  async make(): Promise<FinishedJourney> {
    const { number } = this.plan;
    const invoice = await this.staff('/invoices', this.invoiceBody(), 201);
    const { id: invoiceId } = invoice as { id: string };
    const link = await this.staff(
      `/invoices/${invoiceId}/links`,
      { channel: this.plan.channel, to: this.plan.recipient },
      202,
    );
    const { id: linkId, url } = link as { id: string; url: string };
    await this.messageWith(url, 'the link');
    await this.follow(url);
    await this.pay(linkId);
    const receipt = await this.messageWith('/receipts/', 'the receipt');
    const receiptUrl = /https?:\/\/\S+\/receipts\/[\w-]+/.exec(receipt.text)![0];
    const shown = await this.http.send(receiptUrl);
    if (shown.status !== 200 || !shown.text.includes(number)) throw unexpected(`the receipt of ${number}`, shown);
    const pdf = await this.http.send(`${receiptUrl}/receipt.pdf`);
    if (pdf.status !== 200 || !pdf.text.startsWith('%PDF-')) throw unexpected(`the receipt's PDF of ${number}`, pdf);
    return { plan: this.plan, invoiceId, linkId, messages: await this.messages(), repeats: this.http.repeats };
  }

  private invoiceBody(): object {
    const { number, branchId, channel, recipient, unitPriceMinor } = this.plan;
    return {
      ...{ branchId, number, issuedOn: '2026-11-20', dueOn: '2026-12-20', currency: 'USD' },
      customer: { name: `Payer of ${number}`, [channel === 'email' ? 'email' : 'phone']: recipient },
      lines: [{ description: 'Cold storage, 3 days', quantity: '3', unitPrice: unitPriceMinor }],
      tax: 77,
    };
  }

  /** A POST whose key makes a repeat find what the first one made. */
  private async staff(path: string, body: object, expected: number): Promise<unknown> {
    const answer = await this.http.send(`${this.at.api}${path}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${this.at.key}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': `journey-${this.plan.number}`,
      },
      body: JSON.stringify(body),
    });
    if (answer.status !== expected) throw unexpected(`POST ${path} of ${this.plan.number}`, answer);
    return JSON.parse(answer.text) as unknown;
  }

  private async messages(): Promise<readonly Message[]> {
    const answer = await this.http.send(`${this.at.inbox}/messages?to=${encodeURIComponent(this.plan.recipient)}`);
    return JSON.parse(answer.text) as readonly Message[];
  }

  private messageWith(part: string, what: string): Promise<Message> {
    const find = async (): Promise<Message | undefined> =>
      (await this.messages()).find(({ text }) => text.includes(part));
    return this.http.until(find, `the message with ${what} of ${this.plan.number}`);
  }

  private async follow(url: string): Promise<void> {
    const answer = await this.http.send(url);
    if (answer.status !== 303) throw unexpected(`the link of ${this.plan.number}`, answer);
    this.cookie = answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  }

  /** Does what the page shows, and looks again, until it says that all is paid and where the receipt is. */
  private async pay(linkId: string): Promise<void> {
    const address = `${this.at.origin}/pay/i/${linkId}`;
    let opened = false;
    await this.http.until(async () => {
      const page = await this.page(address);
      if (!opened) {
        await this.post(page, 'opened', { evidence: 'interaction' });
        opened = true;
      }
      switch (page.state) {
        case 'paid':
          return page.awaitsReceipt ? undefined : true;
        case 'payable':
          await this.submit(page);
          return undefined;
        case 'bank_step':
          await this.answerBank(page);
          return undefined;
        case 'checking':
          await this.settle(page);
          return undefined;
        default:
          throw new Error(`The page of ${this.plan.number} says ${page.state}`);
      }
    }, `${this.plan.number} to be paid`);
  }

  private async page(address: string): Promise<PageData> {
    const answer = await this.http.send(address, { headers: { Cookie: this.cookie } });
    const data = /data-pay="([^"]*)"/.exec(answer.text)?.[1];
    if (answer.status !== 200 || data === undefined) throw unexpected(`the pay page of ${this.plan.number}`, answer);
    return JSON.parse(unescaped(data)) as PageData;
  }

  private async submit(page: PageData): Promise<void> {
    const { cards } = this.plan;
    const confirmationTokenId = await this.cardToken(page, cards[Math.min(this.declined, cards.length - 1)]!);
    const quoted = await this.post(page, 'quote', { confirmationTokenId });
    // The invoice or its attempt is no longer as the page showed it: the next look says how it is.
    if (quoted.status === 409) return;
    if (quoted.status !== 200) throw unexpected(`the quote of ${this.plan.number}`, quoted);
    const { quoteId, quoteHash, consent } = JSON.parse(quoted.text) as Quote;
    const paid = await this.post(page, 'pay', { quoteId, quoteHash, accepted: consent !== null });
    await this.heed(page, paid);
  }

  private async settle(page: PageData): Promise<void> {
    await sleep(POLL_MS);
    await this.heed(page, await this.post(page, 'settle', {}));
  }

  private async heed(page: PageData, answer: Answer): Promise<void> {
    if (answer.status === 409) return;
    if (answer.status !== 200) throw unexpected(`a payment of ${this.plan.number}`, answer);
    const outcome = JSON.parse(answer.text) as { outcome: string; clientSecret?: string };
    if (outcome.outcome === 'failed') this.declined += 1;
    if (outcome.outcome === 'requires_action') await this.answerBank({ ...page, clientSecret: outcome.clientSecret! });
  }

  /** *Complete* in the bank's step, and the return from it. */
  private async answerBank(page: PageData): Promise<void> {
    const clientSecret = page.clientSecret!;
    const intentId = clientSecret.split('_secret_')[0]!;
    const body = new URLSearchParams({ client_secret: clientSecret, outcome: 'complete' });
    const answer = await this.http.send(`${this.at.inbox}/endive/three-d-secure/${intentId}`, { method: 'POST', body });
    if (answer.status !== 200) throw unexpected(`the bank's step of ${this.plan.number}`, answer);
    await this.settle(page);
  }

  /** What the card form sends to the processor; the number never goes anywhere else. */
  private async cardToken({ card, base }: PageData, number: string): Promise<string> {
    const answer = await this.http.send(`${this.at.inbox}/v1/confirmation_tokens`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${card!.publishableKey}`,
        ...(card!.connectedAccount === undefined ? {} : { 'Stripe-Account': card!.connectedAccount }),
      },
      body: new URLSearchParams({
        'payment_method_data[type]': 'card',
        'payment_method_data[card][number]': number,
        'payment_method_data[card][exp_month]': '12',
        'payment_method_data[card][exp_year]': '2034',
        'payment_method_data[card][cvc]': '123',
        'payment_method_data[billing_details][address][postal_code]': '77002',
        'payment_method_data[billing_details][address][country]': 'US',
        return_url: `${this.at.origin}${base}`,
      }),
    });
    if (answer.status !== 200) throw unexpected(`a card of ${this.plan.number}`, answer);
    return (JSON.parse(answer.text) as { id: string }).id;
  }

  private post({ base, csrf }: PageData, action: string, body: object): Promise<Answer> {
    return this.http.send(`${this.at.origin}${base}/${action}`, {
      method: 'POST',
      headers: {
        Cookie: this.cookie,
        'Content-Type': 'application/json',
        'X-CSRF-Token': csrf,
        'Sec-Fetch-Site': 'same-origin',
      },
      body: JSON.stringify(body),
    });
  }
}

function unescaped(attribute: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return attribute.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return characters[name!] ?? whole;
    },
  );
}

function unexpected(what: string, { status, text }: Answer): Error {
  return new Error(`${what}: ${status} ${text.slice(0, 600)}`);
}
