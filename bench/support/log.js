/** A log of many journeys, and what it costs to read it. */
import { START } from '@eventstore/db-client';
import { paidInvoice, write } from './ledger.js';

export const WRITERS = 32;

/** Milliseconds that it costs to have the events at all. */
export async function readAll(client) {
  const startMs = performance.now();
  const log = client.readAll({ fromPosition: START })[Symbol.asyncIterator]();
  while (!(await log.next()).done);
  return performance.now() - startMs;
}

let number = 0;

/** Whole journeys, one an append, 32 in flight. Answers the position of the last event. */
export async function writePaidInvoices(ledger, branchId, count) {
  let left = count;
  let last = 0n;
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (left > 0) {
        left -= 1;
        number += 1;
        const { stream, events } = paidInvoice(branchId, `P-${number}`);
        const position = await write(ledger, stream, events);
        if (position > last) last = position;
      }
    }),
  );
  return last;
}
