import { createHash } from 'node:crypto';
import { EventCodec } from '../../src/application/event-codec.js';
import { eventId } from '../../src/application/ids.js';
import { PersonalDataCipher, type EventStore } from '../../src/application/ports.js';
import type { AdministrationEvent } from '../../src/domain/administration/events.js';
import type { BranchEvent } from '../../src/domain/branch/events.js';
import type { DomainEvent } from '../../src/domain/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import type { Json } from '../../src/domain/json.js';

/** A cipher that hides nothing, for tests that are about something else. */
class PlainCipher extends PersonalDataCipher {
  override encrypt(values: readonly { value: Json }[]): Promise<readonly string[]> {
    return Promise.resolve(values.map(({ value }) => Buffer.from(JSON.stringify(value)).toString('base64url')));
  }

  override decrypt(values: readonly { ciphertext: string }[]): Promise<readonly Json[]> {
    return Promise.resolve(
      values.map(({ ciphertext }) => JSON.parse(Buffer.from(ciphertext, 'base64url').toString()) as Json),
    );
  }
}

export const codec = new EventCodec(new PlainCipher());

/** The same name always gives the same id. */
export function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const START = Date.parse('2026-11-20T12:00:00.000Z');
let appended = 0;

/** Appends to the end of a stream, encoded as the application does it; one event a second. */
export async function append(
  store: EventStore,
  stream: string,
  events: readonly DomainEvent[],
): Promise<{ readonly position: bigint }> {
  const present = await store.readStream(stream);
  const last = present.at(-1);
  const head = { stream, revision: last?.revision ?? -1n, hash: last?.metadata['hash'] as string | undefined };
  const encoded = await codec.encode(
    head,
    events.map((event, ordinal) => {
      appended += 1;
      const cause = uuid(`${stream} ${present.length} ${appended}`);
      const occurredAt = new Date(START + appended * 1_000).toISOString();
      const metadata = { occurredAt, actor: 'staff:tests', correlationId: cause, causationId: cause };
      return { id: eventId(stream, event.type, cause, ordinal), event, metadata };
    }),
  );
  const result = await store.append(stream, last?.revision ?? 'no_stream', encoded);
  if (result.outcome !== 'appended') throw new Error(`Nobody else writes here, and yet: ${result.outcome}`);
  return result;
}

export const BRANCH = uuid('branch');

export function branchRegistered(branchId = BRANCH, timeZone = 'America/New_York', name = 'Main Street'): BranchEvent {
  return {
    type: 'BranchRegistered',
    data: { branchId, name, timeZone, currency: 'USD', locale: 'en-US', country: 'US', region: 'NY' },
  };
}

export interface InvoiceFacts {
  readonly number: string;
  readonly branchId?: string;
  readonly totalMinor?: number;
  readonly feeMinor?: number;
  readonly customer?: { readonly name: string; readonly email?: string; readonly phone?: string };
  readonly issuedOn?: string;
  readonly dueOn?: string;
  readonly capturedAt?: string;
  readonly currency?: string;
}

/** The events of one invoice's whole way, by what they do. */
export function journeyOf(facts: InvoiceFacts) {
  const { number, branchId = BRANCH, totalMinor = 40_594, feeMinor = 1_217, currency = 'USD' } = facts;
  const invoiceId = uuid(`invoice ${branchId} ${number}`);
  const customerId = uuid(`customer ${number}`);
  const linkId = `link_${number}`;
  const attemptId = uuid(`attempt ${number}`);
  const receiptId = `receipt_${number}`;
  const paymentIntentId = `pi_${number}`;
  const browser = { ip: '127.0.0.1', userAgent: 'tests' };
  const amounts = { amountMinor: totalMinor, feeMinor, totalMinor: totalMinor + feeMinor, currency };
  const events = {
    registered: {
      type: 'InvoiceRegistered',
      data: {
        ...{ invoiceId, branchId, number, currency, customerId, totalMinor, externalId: `ext-${number}` },
        issuedOn: facts.issuedOn ?? '2026-11-20',
        dueOn: facts.dueOn ?? '2026-12-20',
        customer: facts.customer ?? { name: 'Ada Byron', email: 'ada@example.com', phone: '+12125550100' },
        lines: [{ description: 'Cold storage', quantity: '1', unitPriceMinor: totalMinor, amountMinor: totalMinor }],
        taxMinor: 0,
      },
    },
    voided: { type: 'InvoiceVoided', data: { reason: 'entered twice' } },
    pdfRequested: {
      type: 'InvoicePdfRequested',
      data: { requestId: `pdf_${number}`, customerId, recipient: 'ada@example.com' },
    },
    pdfSendFailed: {
      type: 'InvoicePdfSendFailed',
      data: { requestId: `pdf_${number}`, code: '550', reason: 'No such mailbox' },
    },
    pdfSent: { type: 'InvoicePdfSent', data: { requestId: `pdf_${number}`, messageId: 'm', providerId: 'p' } },
    issued: {
      type: 'LinkIssued',
      data: {
        ...{ linkId, channel: 'email', customerId, recipient: 'ada@example.com' },
        expiresAt: '2027-01-20T04:59:59.999Z',
      },
    },
    copied: {
      type: 'LinkIssued',
      data: { linkId, channel: 'none', customerId, expiresAt: '2027-01-20T04:59:59.999Z' },
    },
    sent: { type: 'LinkSent', data: { linkId, messageId: `m_${number}`, providerId: 'p' } },
    sendFailed: { type: 'LinkSendFailed', data: { linkId, reason: 'unknown recipient', code: '550' } },
    opened: { type: 'LinkOpened', data: { linkId, customerId, evidence: 'interaction', browser } },
    revoked: { type: 'LinkRevoked', data: { linkId } },
    feeAccepted: {
      type: 'FeeAccepted',
      data: {
        ...{ attemptId, linkId, customerId, browser, ...amounts, quoteId: `quote_${number}`, quoteHash: 'h' },
        ...{ policyVersion: '1', consentText: 'I agree', disclosureText: 'A fee', termsHash: 'h' },
        acceptedAt: '2026-11-20T12:00:00.000Z',
      },
    },
    started: {
      type: 'PaymentStarted',
      data: {
        ...{ attemptId, linkId, branchId, paymentIntentId, ...amounts, processor: 'stripe', payableVersion: '0' },
        account: { mode: 'platform' },
        confirmationTokenId: `ct_${number}`,
        startedAt: '2026-11-20T12:29:00.000Z',
      },
    },
    failed: { type: 'PaymentFailed', data: { attemptId, paymentIntentId, code: 'card_declined' } },
    released: { type: 'PaymentReleased', data: { attemptId, paymentIntentId, reason: 'other_card' } },
    captured: {
      type: 'PaymentCaptured',
      data: {
        ...{ paymentId: attemptId, attemptId, linkId, branchId, paymentIntentId, ...amounts, processor: 'stripe' },
        chargeId: `ch_${number}`,
        card: { brand: 'visa', last4: '4242', funding: 'credit', country: 'US' },
        capturedAt: facts.capturedAt ?? '2026-11-20T12:30:00.000Z',
      },
    },
    receiptIssued: { type: 'ReceiptIssued', data: { paymentId: attemptId, receiptId, number: `00${number}` } },
    receiptSendFailed: {
      type: 'ReceiptSendFailed',
      data: { paymentId: attemptId, code: '550', reason: 'No such mailbox' },
    },
    receiptSent: {
      type: 'ReceiptSent',
      data: { paymentId: attemptId, receiptId, channel: 'email', messageId: 'm', providerId: 'p' },
    },
    revised: {
      type: 'InvoiceRevised',
      data: {
        ...{ customerId, issuedOn: '2026-11-20', dueOn: '2026-12-24', totalMinor: 50_000, taxMinor: 0 },
        customer: { name: 'Ada Byron', email: 'ada@example.net' },
        lines: [{ description: 'Cold storage', quantity: '1', unitPriceMinor: 50_000, amountMinor: 50_000 }],
      },
    },
    delivered: { type: 'LinkDelivered', data: { linkId, providerId: 'p', at: '2026-11-20T12:00:03.000Z' } },
    bounced: {
      type: 'LinkBounced',
      data: { linkId, code: '30003', reason: 'unreachable', at: '2026-11-20T12:00:03.000Z' },
    },
    replied: {
      type: 'CustomerReplied',
      data: { linkId, customerId, providerId: 'SM2', text: 'On Friday?', receivedAt: '2026-11-20T12:10:00.000Z' },
    },
    reminderScheduled: { type: 'ReminderScheduled', data: { linkId, when: 'before_due', days: 3, on: '2026-12-17' } },
    renewalRequested: {
      type: 'LinkRenewalRequested',
      data: { linkId, requestedAt: '2027-02-01T12:00:00.000Z', outcome: 'contact_changed' },
    },
    recorded: {
      type: 'PaymentRecorded',
      data: {
        ...{ paymentId: uuid(`recorded ${number}`), branchId, method: 'check', amountMinor: 10_000, currency },
        ...{ receivedOn: '2026-11-20', reference: 'Check 1044' },
      },
    },
    recordReversed: {
      type: 'PaymentRecordReversed',
      data: { paymentId: uuid(`recorded ${number}`), reason: 'It came back' },
    },
    receiptEmailRequested: {
      type: 'ReceiptEmailRequested',
      data: { requestId: `re_${number}`, paymentId: attemptId, customerId, recipient: 'ada@example.com' },
    },
    receiptEmailSent: {
      type: 'ReceiptEmailSent',
      data: { requestId: `re_${number}`, messageId: 'm', providerId: 'p' },
    },
    receiptEmailFailed: {
      type: 'ReceiptEmailFailed',
      data: { requestId: `re_${number}`, code: '550', reason: 'No such mailbox' },
    },
  } as const satisfies Readonly<Record<string, InvoiceEvent>>;
  return { ...events, invoiceId, linkId, paymentId: attemptId, receiptId, stream: `invoice-${invoiceId}` };
}

export function apiKeyCreated(keyId: string): AdministrationEvent {
  return { type: 'ApiKeyCreated', data: { keyId, name: `key ${keyId}`, role: 'staff', keyHash: `hash ${keyId}` } };
}
