/** Every event of an invoice has a line that a person understands. */
import { describe, expect, it } from '@jest/globals';
import type { InvoiceTimeline } from '../../src/application/invoice/get-invoice-timeline.js';
import { loadEntries, timelineEntries } from '../../src/application/invoice/invoice-timeline.js';
import type { RecordedEvent } from '../../src/domain/decider.js';
import { INVOICE_EVENTS, type InvoiceEvent } from '../../src/domain/invoice/events.js';
import type { ApiKeyList } from '../../src/projections/api-keys.js';
import type { UserList } from '../../src/projections/users.js';
import { lineOf, TIMELINE_LINES, timelineView } from '../../src/web/portal/invoice-page/timeline-view.js';
import { StaffNames } from '../../src/web/portal/staff-names.js';
import { EXAMPLES } from '../golden/events.js';
import * as given from '../support/given-invoice.js';

const say = { money: (minor: number) => `$${(minor / 100).toFixed(2)}`, exact: (iso: string) => iso };
const START = Date.parse('2026-11-22T12:00:00.000Z');

/** A minute between one and the next. */
function recorded(events: readonly InvoiceEvent[]): readonly RecordedEvent<InvoiceEvent>[] {
  return events.map((event, at) => ({
    stream: 'invoice-1',
    revision: BigInt(at),
    position: BigInt(at),
    id: `event-${at}`,
    event,
    metadata: {
      schemaVersion: 1,
      occurredAt: new Date(START + at * 60_000).toISOString(),
      actor: 'system:tests',
      correlationId: 'tests',
      causationId: 'tests',
      hash: '',
    },
  }));
}

function words(...events: readonly InvoiceEvent[]): readonly string[] {
  return timelineEntries(recorded(events)).map(({ event, about }) => lineOf(event, about, say).what);
}

describe('the lines of the timeline', () => {
  it('are there for every event that an invoice can have, and for nothing else', () => {
    expect(Object.keys(TIMELINE_LINES).sort()).toEqual(Object.keys(INVOICE_EVENTS).sort());
  });

  it.each(Object.keys(INVOICE_EVENTS) as InvoiceEvent['type'][])(
    'say %s by itself and after everything else',
    (type) => {
      const every = Object.keys(INVOICE_EVENTS).map((each) => EXAMPLES[each as InvoiceEvent['type']]);
      for (const line of [words(EXAMPLES[type])[0]!, words(...every, EXAMPLES[type]).at(-1)!]) {
        expect(line).toMatch(/^[A-Z]\S* \S|^[A-Z]\S*$/);
        expect(line).not.toMatch(/undefined|null|NaN|\[object/);
        expect(line).not.toContain(type);
      }
    },
  );

  it('tell what a revision changed, and what was recorded when it is reversed', () => {
    const lines = words(
      given.invoiceRegistered({ totalMinor: 40_594 }),
      { type: 'InvoiceRevised', data: { ...given.invoiceRevised().data, totalMinor: 38_000 } },
      given.paymentRecorded({ amountMinor: 5_000, method: 'check' }),
      given.paymentRecordReversed(),
    );
    expect(lines.slice(1)).toEqual([
      'Revised: $405.94 → $380.00',
      'Recorded: $50.00 by a check',
      'Reversed: $50.00 by a check is owed again',
    ]);
  });

  it('say why a payment failed in words, and why no fresh link was sent', () => {
    const [failed] = words(given.paymentFailed({ code: 'card_declined', declineCode: 'insufficient_funds' }));
    expect(failed).toMatch(/^Payment failed: \S.*\.$/);
    const [refused] = words(given.linkRenewalRequested({ outcome: 'contact_changed' }));
    expect(refused).toContain('none was sent');
  });

  it('name the customer for the customer’s own words, whoever took them down', async () => {
    const entries = timelineEntries(recorded([given.invoiceRegistered(), given.customerReplied()]));
    const timeline = { entries, invoice: { currency: 'USD' }, branch: { timeZone: 'America/New_York' } };
    // Nobody of staff did anything, so that neither list is asked.
    const nameOf = await new StaffNames({} as UserList, {} as ApiKeyList).of(['system:tests']);
    const view = timelineView(timeline as unknown as InvoiceTimeline, nameOf, new Date(START));
    expect(view).toMatchObject([{ who: 'Customer', quote: 'May I pay on Friday?' }, { who: 'System' }]);
  });
});

describe('fetches of a link', () => {
  const events = recorded([given.invoiceRegistered(), given.linkIssued(), given.linkOpened()]);
  const load = (loadId: string, minutes: number, likelyScanner: boolean) => ({
    loadId,
    linkId: given.LINK_ID,
    loadedAt: new Date(START + minutes * 60_000),
    likelyScanner,
  });

  it('are told but for the one that the opening speaks for, those within an hour as one', () => {
    const loads = [load('1', 1, true), load('2', 1.5, true), load('3', 1.9, false), load('4', 90, false)];
    expect(loadEntries(loads, events)).toMatchObject([
      { firstLoadId: '1', times: 2, wasOpened: false },
      { firstLoadId: '4', times: 1, wasOpened: true },
    ]);
  });

  it('are all told of a link that nobody opened', () => {
    expect(loadEntries([load('1', 1, false)], events.slice(0, 2))).toMatchObject([{ times: 1, wasOpened: false }]);
  });
});
