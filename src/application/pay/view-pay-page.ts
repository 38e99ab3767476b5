import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EMAILS_A_RECEIPT } from '../../domain/invoice/further-messages.js';
import type { Attempt, Invoice, Link, Payment, ReceiptEmail } from '../../domain/invoice/state.js';
import { Contacts } from '../contact/contacts.js';
import type { InvoiceDocument } from '../documents.js';
import { payableTotals, type PayableTotals } from '../fee-notice.js';
import { branchFeeLabel } from '../fee-words.js';
import { invoiceDocument, localeOf, type LoadedInvoice } from '../invoice/invoice-view.js';
import { CardProcessor, Clock, LinkTokens, type BrowserKeys } from '../ports.js';
import { lastChange, type LastChange } from './last-change.js';
import { PayLinks, type LinkedInvoice } from './pay-link.js';
import { accountOf, tellsNothing } from './payment-settlement.js';

export type PayPageState =
  | 'payable'
  | 'paid'
  | 'void'
  | 'expired'
  | 'revoked'
  /** This link's own attempt waits for the bank's step. */
  | 'bank_step'
  /** This link's own attempt has no outcome yet. */
  | 'checking'
  | 'in_progress_elsewhere'
  | 'not_set_up';

export interface PaidView {
  readonly paymentId: string;
  /** Absent for the moment until the receipt is issued. */
  readonly receipt: { readonly number: string; readonly token: string } | undefined;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly totalMinor: number;
  readonly card: { readonly brand: string; readonly last4: string; readonly funding: string };
  readonly capturedAt: string;
  /** Where a copy goes; absent for a copied link. */
  readonly sentTo: string | undefined;
  /** For who paid by this very link, and gets no copy by email anyway: what became of the receipt that they asked for by email. */
  readonly emailCopy: { readonly last: ReceiptEmail['send'] | undefined; readonly mayAsk: boolean } | undefined;
}

export interface PayPage {
  readonly state: PayPageState;
  readonly linkId: string;
  readonly invoice: InvoiceDocument;
  readonly lastChange: LastChange | undefined;
  readonly locale: string;
  readonly testMode: boolean;
  /** The last capture, where there is one. */
  readonly paid: PaidView | undefined;
  /** For the bank's step. */
  readonly clientSecret: string | undefined;
  readonly totals: PayableTotals;
  readonly feeLabel: string | undefined;
  readonly processor: BrowserKeys;
}

/** All that the pay page shows. Changes nothing: an attempt is only looked at. */
export class ViewPayPage extends Query<PayPage> {
  constructor(readonly input: { readonly linkId: string }) {
    super();
  }
}

@QueryHandler(ViewPayPage)
export class ViewPayPageHandler implements IQueryHandler<ViewPayPage> {
  constructor(
    private readonly links: PayLinks,
    private readonly processor: CardProcessor,
    private readonly tokens: LinkTokens,
    private readonly clock: Clock,
    private readonly contacts: Contacts,
  ) {}

  async execute({ input }: ViewPayPage): Promise<PayPage> {
    const loaded = await this.links.load(input.linkId);
    const now = this.clock.now();
    const { state, clientSecret } = await this.stateOf(loaded, now);
    const shown = this.shown(loaded, loaded.link, now);
    const paid = shown.paid && (await this.withoutVainPromise(shown.paid, loaded.link));
    return { state, clientSecret, linkId: input.linkId, ...shown, paid };
  }

  /** Who asked for no more texts gets no receipt by text either, and is not told that one is coming. */
  private async withoutVainPromise(paid: PaidView, { channel }: Link): Promise<PaidView> {
    if (channel !== 'sms' || paid.sentTo === undefined) return paid;
    const { optedOut } = await this.contacts.of(paid.sentTo);
    return optedOut ? { ...paid, sentTo: undefined } : paid;
  }

  /**
   * What stands on the page whatever its link can do.
   * @param link absent where nobody has followed one
   */
  shown(loaded: LoadedInvoice, link: Link | undefined, now: Date): Omit<PayPage, 'state' | 'clientSecret' | 'linkId'> {
    const { invoice, branch, events } = loaded;
    const locale = localeOf(loaded);
    const lastPayment = [...invoice.payments.values()].at(-1);
    return {
      invoice: invoiceDocument(loaded),
      lastChange: lastChange(events),
      locale,
      testMode: this.processor.testMode,
      paid: lastPayment && this.paidView(invoice, link, lastPayment),
      totals: payableTotals(invoice, branch, locale, now),
      feeLabel: branchFeeLabel(branch, locale),
      // The bank's step of an attempt is where the attempt began, whatever the branch charges on by now.
      processor: this.processor.browserKeys(
        invoice.openAttempt?.started.account ?? branch.cardProcessing ?? { mode: 'platform' },
      ),
    };
  }

  private async stateOf(
    { invoice, branch, link }: LinkedInvoice,
    now: Date,
  ): Promise<{ state: PayPageState; clientSecret: string | undefined }> {
    const plain = (state: PayPageState) => ({ state, clientSecret: undefined });
    const { openAttempt } = invoice;
    // Whoever is paying or has paid by this link is told how it ends, also where staff revoked the link meanwhile.
    if (openAttempt?.started.linkId === link.linkId) return this.ownAttempt(openAttempt);
    const hasPaid = [...invoice.payments.values()].some(({ captured }) => captured.linkId === link.linkId);
    if (link.revoked && !hasPaid) return plain('revoked');
    if (invoice.status === 'void') return plain('void');
    if (invoice.status === 'paid') return plain('paid');
    if (now.toISOString() > link.expiresAt) return plain('expired');
    if (openAttempt) return plain('in_progress_elsewhere');
    return plain(branch.cardProcessing ? 'payable' : 'not_set_up');
  }

  private async ownAttempt(attempt: Attempt): Promise<{ state: PayPageState; clientSecret: string | undefined }> {
    try {
      const intent = await this.processor.retrieveIntent(accountOf(attempt), attempt.started.paymentIntentId);
      return intent.status === 'requires_action'
        ? { state: 'bank_step', clientSecret: intent.clientSecret }
        : { state: 'checking', clientSecret: undefined };
    } catch (error) {
      if (tellsNothing(error)) return { state: 'checking', clientSecret: undefined };
      throw error;
    }
  }

  private paidView(invoice: Invoice, link: Link | undefined, { captured, receipt, receiptSend }: Payment): PaidView {
    const { paymentId, amountMinor, feeMinor, totalMinor, capturedAt } = captured;
    const { brand, last4, funding } = captured.card;
    const paidByIt = captured.linkId === link?.linkId;
    return {
      paymentId,
      receipt: receipt && { number: receipt.number, token: this.tokens.make('receipt', receipt.receiptId) },
      amountMinor,
      feeMinor,
      totalMinor,
      card: { brand, last4, funding },
      capturedAt,
      // Whoever holds another link of the invoice is not told the address of the one who paid.
      sentTo: link && paidByIt && receiptSend !== 'failed' ? link.recipient : undefined,
      emailCopy:
        link && paidByIt && (link.channel !== 'email' || receiptSend === 'failed') && receipt
          ? emailCopy(invoice, paymentId)
          : undefined,
    };
  }
}

function emailCopy({ receiptEmails }: Invoice, paymentId: string): PaidView['emailCopy'] {
  const asked = [...receiptEmails.values()].filter((one) => one.paymentId === paymentId);
  return { last: asked.at(-1)?.send, mayAsk: asked.length < EMAILS_A_RECEIPT };
}
