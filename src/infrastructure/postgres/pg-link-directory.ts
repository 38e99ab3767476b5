import { EventStore, LinkDirectory } from '../../application/ports.js';
import { ReadPosition } from '../../application/read-position.js';
import type { LinkList } from '../../projections/links.js';
import type { PaymentHistory } from '../../projections/payment-history.js';

/** A link is followed by people, moments after it was made at the soonest. */
const WAIT_MS = 3_000;

/**
 * Looks links up in the read model. Ids come here proven by their token, so that one that is not found was made a moment ago, and
 * the read model is waited for.
 */
export class PgLinkDirectory extends LinkDirectory {
  constructor(
    private readonly links: LinkList,
    private readonly payments: PaymentHistory,
    private readonly store: EventStore,
    private readonly readPosition: ReadPosition,
  ) {
    super();
  }

  override async invoiceOfLink(linkId: string): Promise<string | undefined> {
    const found = await this.findOrWait(() => this.links.invoiceOf(linkId));
    return found?.invoiceId;
  }

  override paymentOfReceipt(receiptId: string): Promise<{ invoiceId: string; paymentId: string } | undefined> {
    return this.findOrWait(() => this.payments.byReceipt(receiptId));
  }

  private async findOrWait<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
    const found = await find();
    if (found !== undefined) return found;
    const end = await this.store.lastPosition();
    if (end === undefined) return undefined;
    await this.readPosition.wait(end, WAIT_MS);
    return find();
  }
}
