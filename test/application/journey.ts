/** A branch that takes cards, an invoice of 405.94 USD and a link to it: where every test of a payment begins. */
import { RegisterBranch } from '../../src/application/branch/register-branch.js';
import { SetFeePolicy, type FeePolicyInput } from '../../src/application/branch/set-fee-policy.js';
import { SetUpCardProcessing } from '../../src/application/branch/set-up-card-processing.js';
import type { InvoiceInput } from '../../src/application/invoice/invoice-registration.js';
import { RegisterInvoice } from '../../src/application/invoice/register-invoice.js';
import { SendLink } from '../../src/application/invoice/send-link.js';
import { SETTLE_PAYMENT } from '../../src/application/jobs/job-names.js';
import { ReleaseOpenPayment } from '../../src/application/pay/release-open-payment.js';
import { SettleIntent } from '../../src/application/pay/settle-intent.js';
import { SettleOpenPayment } from '../../src/application/pay/settle-open-payment.js';
import { ViewPayPage, type PayPageState } from '../../src/application/pay/view-pay-page.js';
import { QuotePayment, type Quote } from '../../src/application/pay/quote-payment.js';
import { SubmitPayment } from '../../src/application/pay/submit-payment.js';
import type { ProcessorAccount } from '../../src/application/ports.js';
import type { PaymentOutcome } from '../../src/application/pay/payment-settlement.js';
import { by, TestApplication } from '../support/doubles/application.js';
import type { FakeCard } from '../support/doubles/card-processor.js';
import { makeWorld, type Ports, type World } from '../support/doubles/ports.js';
import { BRANCH, BROWSER } from '../support/given-invoice.js';

export const AMOUNT = 40_594;
export const FEE = 1_217;
export const MINUTE_MS = 60_000;
/** What stands in the stream once the processor may be asked to charge. */
export const STARTED: readonly string[] = ['LinkOpened', 'FeeAccepted', 'PaymentStarted'];

export function invoiceInput(branchId: string, changes: Partial<InvoiceInput> = {}): InvoiceInput {
  return {
    branchId,
    number: 'INV-1001',
    issuedOn: '2026-11-01',
    dueOn: '2026-12-01',
    currency: 'USD',
    customer: { name: 'Ada Byron', email: 'ada@example.com', phone: '+15550100' },
    lines: [{ description: 'Annual service', quantity: '1', unitPrice: AMOUNT }],
    tax: 0,
    ...changes,
  };
}

export interface JourneyOptions {
  readonly policy?: FeePolicyInput | undefined;
  readonly cards?: boolean;
  readonly channel?: 'email' | 'sms' | 'none';
}

export class Journey {
  private constructor(
    readonly world: World,
    readonly app: TestApplication,
    readonly branchId: string,
    readonly invoiceId: string,
    readonly linkId: string,
  ) {}

  static async begin(options: JourneyOptions = {}, ports: (world: World) => Ports = (world) => world) {
    const { policy = { enabled: true, rateBps: 300 }, cards = true, channel = 'email' } = options;
    const world = makeWorld();
    const app = new TestApplication(ports(world));
    const { branchId } = (await app.ask(new RegisterBranch({ details: BRANCH }, by('staff:1')))).branch;
    if (cards) await app.ask(new SetUpCardProcessing({ branchId, mode: 'platform' }, by('staff:1')));
    await app.ask(new SetFeePolicy({ branchId, policy }, by('staff:1')));
    const { invoice } = await app.ask(new RegisterInvoice(invoiceInput(branchId), by('staff:1')));
    const { link } = await app.ask(
      new SendLink({ invoiceId: invoice.invoiceId, channel, textConsent: 'api' }, by('staff:1')),
    );
    return new Journey(world, app, branchId, invoice.invoiceId, link.linkId);
  }

  async anotherLink(): Promise<string> {
    const input = { invoiceId: this.invoiceId, channel: 'none' as const };
    return (await this.app.ask(new SendLink(input, by('staff:1')))).link.linkId;
  }

  quote(card: FakeCard, linkId = this.linkId, account?: ProcessorAccount): Promise<Quote> {
    const confirmationTokenId = this.world.processor.tokenFor(card, account);
    return this.app.ask(new QuotePayment({ linkId, confirmationTokenId }, this.customer(linkId)));
  }

  submit(
    { quoteId, quoteHash }: Quote,
    changes: { accepted?: boolean; linkId?: string } = {},
  ): Promise<PaymentOutcome> {
    const { accepted = true, linkId = this.linkId } = changes;
    const input = { linkId, quoteId, quoteHash, accepted, browser: BROWSER };
    return this.app.ask(new SubmitPayment(input, this.customer(linkId)));
  }

  async pay(card: FakeCard): Promise<PaymentOutcome> {
    return this.submit(await this.quote(card));
  }

  /** *Use another card*. */
  release(linkId = this.linkId): Promise<PaymentOutcome> {
    return this.app.ask(new ReleaseOpenPayment({ linkId }, this.customer(linkId)));
  }

  /** On the return from the bank. */
  settle(linkId = this.linkId): Promise<PaymentOutcome> {
    return this.app.ask(new SettleOpenPayment({ linkId }, this.customer(linkId)));
  }

  webhook(paymentIntentId: string, account: ProcessorAccount = { mode: 'platform' }): Promise<void> {
    return this.app.ask(new SettleIntent({ account, paymentIntentId }, by('system:webhook')));
  }

  /** What the sweep asks for. */
  settleJob(app = this.app): Promise<void> {
    const payload = { invoiceId: this.invoiceId, cause: 'x' };
    return app.runJob({ name: SETTLE_PAYMENT, id: 'x', payload, delayMs: 0 });
  }

  async pageState(linkId = this.linkId): Promise<PayPageState> {
    return (await this.app.ask(new ViewPayPage({ linkId }))).state;
  }

  customer(linkId = this.linkId) {
    return by(`customer:${linkId}`);
  }

  /** Types of the invoice's events, without those before the payment. */
  types(): readonly string[] {
    const before = ['InvoiceRegistered', 'LinkIssued', 'LinkSent'];
    return this.events()
      .map(({ type }) => type)
      .filter((type) => !before.includes(type));
  }

  events() {
    return this.world.store.all().filter(({ stream }) => stream === `invoice-${this.invoiceId}`);
  }

  /** What the processor has charged. */
  charges() {
    return this.world.processor.all().filter(({ status }) => status === 'succeeded');
  }
}
