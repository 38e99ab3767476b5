/** A customer is never told that a link opens nothing because a list is late. */
import { describe, expect, it } from '@jest/globals';
import { ReadModelBehind } from '../../src/application/ports.js';
import { PgLinkDirectory } from '../../src/infrastructure/postgres/pg-link-directory.js';
import type { LinkList } from '../../src/projections/links.js';
import type { PaymentHistory } from '../../src/projections/payment-history.js';

/** Lists that know everything from the so-manieth question on. */
function directoryThatLags(questions: number): PgLinkDirectory {
  let asked = 0;
  const find = (found: object) => () => Promise.resolve((asked += 1) > questions ? found : undefined);
  const links = { invoiceOf: find({ invoiceId: 'invoice' }) };
  const payments = { byReceipt: find({ invoiceId: 'invoice', paymentId: 'payment' }) };
  return new PgLinkDirectory(links as unknown as LinkList, payments as unknown as PaymentHistory);
}

describe('the directory of links', () => {
  it('waits for what was made a moment ago', async () => {
    expect(await directoryThatLags(3).invoiceOfLink('link')).toBe('invoice');
    expect(await directoryThatLags(3).paymentOfReceipt('receipt')).toMatchObject({ paymentId: 'payment' });
  });

  it('says that it is behind where it waited in vain', async () => {
    const waits = [
      directoryThatLags(Infinity).invoiceOfLink('link'),
      directoryThatLags(Infinity).paymentOfReceipt('r'),
    ];
    for (const { reason } of (await Promise.allSettled(waits)) as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(ReadModelBehind);
    }
  });
});
