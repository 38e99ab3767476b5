import { describe, expect, it } from '@jest/globals';
import type { WebhookEndpoint } from '../../src/domain/administration/webhook-endpoints.js';
import type { DomainEvent, RecordedEvent } from '../../src/domain/decider.js';
import { deliveriesOf, isForBranch } from '../../src/application/webhooks/matching.js';
import { PUBLIC_EVENT_TYPES, publicEvents } from '../../src/application/webhooks/public-events.js';
import { GIVE_UP_AFTER_MS, judge } from '../../src/application/webhooks/retries.js';
import { appendEverything } from '../projections/everything.js';
import { BRANCH, codec, journeyOf, uuid } from '../projections/journey.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';

const HOUR_MS = 3_600_000;

function recorded(stream: string, events: readonly DomainEvent[]): readonly RecordedEvent[] {
  return events.map((event, index) => ({
    ...{ stream, event, revision: BigInt(index), position: BigInt(100 + index), id: uuid(`${stream} ${index}`) },
    metadata: {
      ...{ schemaVersion: 1, occurredAt: '2026-11-20T12:00:00.000Z', actor: 'staff:1', hash: 'h' },
      ...{ correlationId: 'c', causationId: 'c' },
    },
  }));
}

describe('what the outside is told', () => {
  const { registered, issued, sent, opened, started, captured, receiptIssued, stream, ...journey } = journeyOf({
    number: '1',
  });

  it('names the invoice and its revision, and is in the event’s own id', () => {
    const history = recorded(stream, [registered, issued, sent]);
    expect(publicEvents(history)).toEqual([
      {
        ...{ id: history[2]!.id, type: 'link.sent', time: '2026-11-20T12:00:00.000Z', branchId: BRANCH },
        subject: `invoices/${journey.invoiceId}`,
        data: {
          ...{ invoiceId: journey.invoiceId, number: '1', externalId: 'ext-1', branchId: BRANCH, revision: '2' },
          ...{ linkId: journey.linkId, channel: 'email' },
        },
      },
    ]);
    expect(publicEvents(history.slice(0, 2))).toEqual([]);
  });

  it('is two things where a payment pays the invoice, each with an id of its own, the same every time', () => {
    const history = recorded(stream, [registered, issued, started, captured]);
    const told = publicEvents(history);
    expect(told.map(({ type }) => type)).toEqual(['payment.captured', 'invoice.paid']);
    expect(told[0]!.id).toBe(history[3]!.id);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
    expect(publicEvents(history)).toEqual(told);
    expect(told[0]!.data).toMatchObject({ fee: { amount: 1217, currency: 'USD' }, card: { last4: '4242' } });
    expect(told[1]!.data).toMatchObject({ status: 'paid', balance: { amount: 0, currency: 'USD' } });
  });

  it('is that an invoice is paid only when it is by that', () => {
    const part = { ...journey.recorded, data: { ...journey.recorded.data, amountMinor: 594 } };
    const rest = { ...journey.recorded, data: { ...part.data, paymentId: uuid('rest'), amountMinor: 40_000 } };
    expect(publicEvents(recorded(stream, [registered, part]))).toEqual([]);
    expect(publicEvents(recorded(stream, [registered, part, rest])).map(({ type }) => type)).toEqual(['invoice.paid']);
  });

  it('of a contact names it by its digest and no invoice', () => {
    const event = {
      type: 'ContactOptedOut',
      data: { channel: 'sms', source: 'keyword', at: '2026-11-20T12:00:00.000Z' },
    };
    const [told] = publicEvents(recorded('contact-abc', [event]));
    expect(told).toMatchObject({ type: 'contact.opted_out', subject: 'contacts/abc', data: { contactId: 'abc' } });
    expect(told).not.toHaveProperty('branchId');
  });

  it('holds no name, address, browser or secret of anybody, whatever happens', async () => {
    const events = await codec.decodeStream(await appendEverything(new InMemoryEventStore()));
    const told = events.flatMap((event) =>
      event.stream.startsWith('invoice-') || event.stream.startsWith('contact-')
        ? publicEvents(events.filter(({ stream: of, revision }) => of === event.stream && revision <= event.revision))
        : [],
    );
    expect(new Set(told.map(({ type }) => type)).size).toBeGreaterThan(8);
    expect(JSON.stringify(told)).not.toMatch(/Ada|Byron|@|\+1|127\.0\.0\.1|No such|unreachable|On Friday|twice/);
    for (const { type } of told) expect(PUBLIC_EVENT_TYPES).toContain(type);
  });
});

describe('who is told', () => {
  const { registered, issued, sent, stream } = journeyOf({ number: '2' });
  const [, , recordedSent] = recorded(stream, [registered, issued, sent]);
  const endpoint = (changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
    ...{ endpointId: uuid('endpoint'), url: 'https://example.com', enabled: true, removed: false },
    secrets: [{ secretId: 's' }],
    ...changes,
  });
  const told = (changes: Partial<WebhookEndpoint>, since = 1n): number =>
    deliveriesOf(recordedSent!, [{ endpoint: endpoint(changes), since }]).length;

  it('is who asks for the event, is switched on, and was there before it', () => {
    expect(told({})).toBe(1);
    expect(told({ events: ['link.sent'] })).toBe(1);
    expect(told({ events: ['link.opened'] })).toBe(0);
    expect(told({ enabled: false })).toBe(0);
    expect(told({ removed: true })).toBe(0);
    expect(told({}, recordedSent!.position)).toBe(0);
  });

  it('is one of some branches only for those, and never for what concerns all', () => {
    expect(isForBranch(endpoint(), undefined)).toBe(true);
    expect(isForBranch(endpoint({ branchIds: [BRANCH] }), BRANCH)).toBe(true);
    expect(isForBranch(endpoint({ branchIds: [BRANCH] }), uuid('another'))).toBe(false);
    expect(isForBranch(endpoint({ branchIds: [BRANCH] }), undefined)).toBe(false);
  });
});

describe('what follows from an answer', () => {
  const answer = (code: number | undefined, retryAfterMs?: number) => ({
    ...{ code, error: undefined, retryAfterMs, durationMs: 1 },
  });

  it.each([200, 201, 204, 299])('%i is success', (code) => {
    expect(judge(answer(code), 1, 0, 0.5)).toEqual({ verdict: 'delivered' });
  });

  it('410 is the end, at any time', () => {
    expect(judge(answer(410), 1, 0, 0.5)).toEqual({ verdict: 'gone' });
    expect(judge(answer(410), 9, GIVE_UP_AFTER_MS, 0.5)).toEqual({ verdict: 'gone' });
  });

  it.each([undefined, 301, 400, 404, 429, 500, 503])('%s is tried again for three days and no longer', (code) => {
    let elapsedMs = 0;
    const pausesMs: number[] = [];
    for (let tries = 1; ; tries += 1) {
      const judged = judge(answer(code), tries, elapsedMs, 0.5);
      if (judged.verdict !== 'again') {
        expect(judged).toEqual({ verdict: 'given_up' });
        break;
      }
      pausesMs.push(judged.inMs);
      elapsedMs += judged.inMs;
    }
    expect(elapsedMs).toBe(72 * HOUR_MS);
    expect(pausesMs.length).toBeGreaterThan(10);
    expect(pausesMs.length).toBeLessThan(20);
    expect(pausesMs.slice(0, 3)).toEqual([5_000, 20_000, 80_000]);
  });

  it('a pause is as long as the receiver asks, within a day, and otherwise differs by chance', () => {
    expect(judge(answer(503, 120_000), 1, 0, 0.5)).toEqual({ verdict: 'again', inMs: 120_000 });
    expect(judge(answer(503, 1_000), 1, 0, 0.5)).toEqual({ verdict: 'again', inMs: 5_000 });
    expect(judge(answer(503, 900 * HOUR_MS), 1, 0, 0.5)).toEqual({ verdict: 'again', inMs: 24 * HOUR_MS });
    expect(judge(answer(503), 1, 0, 0)).toEqual({ verdict: 'again', inMs: 4_000 });
    expect(judge(answer(503), 1, 0, 1)).toEqual({ verdict: 'again', inMs: 6_000 });
  });
});
