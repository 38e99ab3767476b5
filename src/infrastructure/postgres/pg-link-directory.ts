import { setTimeout as sleep } from 'node:timers/promises';
import { LinkDirectory } from '../../application/ports.js';
import type { LinkList } from '../../projections/links.js';
import type { PaymentHistory } from '../../projections/payment-history.js';

const WAIT_MS = 3_000;
const PAUSE_MS = 50;

/**
 * Looks links up in the read model. Ids come here proven by their token, so that one that is not found was made a moment ago, and
 * the read model is waited for.
 */
export class PgLinkDirectory extends LinkDirectory {
  constructor(
    private readonly links: LinkList,
    private readonly payments: PaymentHistory,
  ) {
    super();
  }

  override async invoiceOfLink(linkId: string): Promise<string | undefined> {
    const found = await findOrWait(() => this.links.invoiceOf(linkId));
    return found?.invoiceId;
  }

  override paymentOfReceipt(receiptId: string): Promise<{ invoiceId: string; paymentId: string } | undefined> {
    return findOrWait(() => this.payments.byReceipt(receiptId));
  }
}

async function findOrWait<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += PAUSE_MS) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(PAUSE_MS);
  }
  return find();
}
