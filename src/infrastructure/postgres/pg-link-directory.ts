import { setTimeout as sleep } from 'node:timers/promises';
import { LinkDirectory, ReadModelBehind } from '../../application/ports.js';
import type { LinkList } from '../../projections/links.js';
import type { PaymentHistory } from '../../projections/payment-history.js';

const WAIT_MS = 3_000;
const PAUSE_MS = 50;

/**
 * Looks links up in the read model. Ids come here proven by their token, so that one that is not found was made a moment ago, or
 * the read model is being read anew: it is waited for, and then said to be behind. That a link opens nothing would be untrue.
 */
export class PgLinkDirectory extends LinkDirectory {
  constructor(
    private readonly links: LinkList,
    private readonly payments: PaymentHistory,
  ) {
    super();
  }

  override async invoiceOfLink(linkId: string): Promise<string> {
    const { invoiceId } = await findOrWait(() => this.links.invoiceOf(linkId));
    return invoiceId;
  }

  override paymentOfReceipt(receiptId: string): Promise<{ invoiceId: string; paymentId: string }> {
    return findOrWait(() => this.payments.byReceipt(receiptId));
  }
}

async function findOrWait<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += PAUSE_MS) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(PAUSE_MS);
  }
  throw new ReadModelBehind();
}
