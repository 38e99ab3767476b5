import type { EventStore, StoredEvent } from '../../src/application/ports.js';
import type { AdministrationEvent } from '../../src/domain/administration/events.js';
import type { ContactEvent } from '../../src/domain/contact/events.js';
import type { CustomerEvent } from '../../src/domain/customer/events.js';
import type { UserEvent } from '../../src/domain/user/events.js';
import { append, apiKeyCreated, BRANCH, branchRegistered, journeyOf, uuid } from './journey.js';

/** A log with each event that there is, in streams that lie interleaved. */
export async function appendEverything(store: EventStore): Promise<readonly StoredEvent[]> {
  await append(store, `branch-${BRANCH}`, [
    branchRegistered(),
    { type: 'CardProcessingSetUp', data: { mode: 'platform' } },
    {
      type: 'BranchUpdated',
      data: { changes: { name: 'Main Street Storage', telephone: '+12125550199', region: null } },
    },
    { type: 'InvoiceLinkMessageCustomized', data: { language: 'en', message: { email: {}, sms: {} } } },
    { type: 'ReceiptMessageCustomized', data: { language: 'es', message: { email: {}, sms: {} } } },
    { type: 'ReminderMessageCustomized', data: { language: 'fr', message: { email: {}, sms: {} } } },
    { type: 'MessageReset', data: { kind: 'reminder', language: 'fr' } },
    {
      type: 'TestMessageRequested',
      data: {
        requestId: uuid('test message'),
        kind: 'receipt',
        language: 'es',
        channel: 'email',
        recipient: 'office@example.com',
      },
    },
    { type: 'TestMessageSent', data: { requestId: uuid('test message'), messageId: 'test@example', providerId: 'p' } },
    { type: 'TestMessageFailed', data: { requestId: uuid('test message'), code: '550', reason: 'refused' } },
    { type: 'FeePolicySet', data: { policy: {} } },
    { type: 'RemindersSet', data: { policy: { enabled: true, beforeDays: [3], afterDays: [], at: '09:00' } } },
  ]);
  await append(store, 'administration', [apiKeyCreated('a'), apiKeyCreated('b')]);
  const paid = journeyOf({ number: '1001' });
  const voided = journeyOf({ number: '1002' });
  const declined = journeyOf({ number: '1003' });
  await append(store, paid.stream, [paid.registered, paid.issued, paid.sent]);
  await append(store, voided.stream, [voided.registered, voided.issued, voided.sendFailed, voided.revoked]);
  await append(store, declined.stream, [declined.registered, declined.copied, declined.opened, declined.started]);
  await append(store, paid.stream, [paid.opened, paid.feeAccepted, paid.started, paid.captured]);
  await append(store, voided.stream, [voided.pdfRequested, voided.pdfSent, voided.voided]);
  await append(store, declined.stream, [declined.failed, declined.pdfRequested, declined.pdfSendFailed]);
  await append(store, paid.stream, [paid.receiptIssued, paid.receiptSendFailed, paid.receiptSent]);
  const other = { attemptId: uuid('another attempt') };
  await append(store, paid.stream, [paid.delivered, paid.receiptEmailRequested, paid.receiptEmailSent]);
  await append(store, paid.stream, [paid.receiptEmailFailed, paid.replied]);
  await append(store, declined.stream, [declined.recorded, declined.bounced, declined.reminderScheduled]);
  await append(store, declined.stream, [declined.recordReversed, declined.revised, declined.renewalRequested]);
  await append(store, declined.stream, [
    { type: 'PaymentStarted', data: { ...declined.started.data, ...other } },
    { type: 'PaymentReleased', data: { ...declined.released.data, ...other } },
  ]);
  await append(store, 'administration', [
    { type: 'ExportMade', data: { exportId: uuid('export'), what: 'payments', filter: {}, rows: 3 } },
    { type: 'ApiKeyRevoked', data: { keyId: 'a' } },
  ]);
  await append(store, 'administration', webhookEndpointEvents());
  await append(store, CONTACT_STREAM, contactEvents());
  await append(store, USER_STREAM, userEvents());
  await append(store, CUSTOMER_STREAM, customerEvents());
  const events: StoredEvent[] = [];
  for (const stream of [
    USER_STREAM,
    `branch-${BRANCH}`,
    'administration',
    CONTACT_STREAM,
    CUSTOMER_STREAM,
    paid.stream,
    voided.stream,
    declined.stream,
  ]) {
    events.push(...(await store.readStream(stream)));
  }
  return events.sort((a, b) => (a.position < b.position ? -1 : 1));
}

function webhookEndpointEvents(): readonly AdministrationEvent[] {
  const endpointId = uuid('webhook endpoint');
  const url = 'https://books.example.com/hooks';
  return [
    {
      type: 'WebhookEndpointAdded',
      data: { endpointId, secretId: uuid('secret'), url, events: ['invoice.paid'], branchIds: [BRANCH], enabled: true },
    },
    {
      type: 'WebhookEndpointChanged',
      data: { endpointId, url, description: 'Books', enabled: false, because: 'gone' },
    },
    {
      type: 'WebhookSecretRotated',
      data: { endpointId, secretId: uuid('next secret'), previousValidUntil: '2026-11-24T12:00:00.000Z' },
    },
    { type: 'WebhookEndpointRemoved', data: { endpointId } },
  ];
}

const USER_STREAM = `user-${uuid('user')}`;

function userEvents(): readonly UserEvent[] {
  const data = { userId: uuid('user'), email: 'ada@example.com', name: 'Ada Byron', role: 'staff' } as const;
  return [
    { type: 'UserChanged', data: { ...data, branchIds: [BRANCH], status: 'invited' } },
    { type: 'UserChanged', data: { ...data, branchIds: [BRANCH], status: 'active' } },
    { type: 'UserChanged', data: { ...data, role: 'finance', status: 'disabled' } },
  ];
}

const CUSTOMER_STREAM = `customer-${uuid('customer 1001')}`;

function customerEvents(): readonly CustomerEvent[] {
  const customerId = uuid('customer 1001');
  const details = { name: 'Ada Byron', email: 'ada@example.com', phone: '+12125550100' };
  return [
    { type: 'CustomerRegistered', data: { customerId, branchId: BRANCH, externalId: 'c-1', locale: 'en-US', details } },
    { type: 'CustomerUpdated', data: { customerId, changes: { email: 'byron@example.com', phone: null } } },
    { type: 'CustomerUpdated', data: { customerId, changes: {}, locale: null, timeZone: 'Europe/Paris' } },
  ];
}

const CONTACT_STREAM = `contact-${'ab'.repeat(32)}`;

function contactEvents(): readonly ContactEvent[] {
  const at = '2026-11-20T12:00:00.000Z';
  return [
    { type: 'ContactTextConsentRecorded', data: { how: 'api', branchId: BRANCH, at } },
    { type: 'ContactUnreachable', data: { channel: 'sms', code: '30003', reason: 'Twilio 30003', at } },
    { type: 'ContactOptedOut', data: { channel: 'sms', source: 'carrier', at } },
    { type: 'ContactOptedIn', data: { channel: 'sms', source: 'keyword', at } },
    { type: 'ContactOptedOut', data: { channel: 'sms', source: 'staff', at } },
  ];
}
