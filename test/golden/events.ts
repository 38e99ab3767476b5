/** One example of every event type as it is written now. */
import type { AdministrationEvent } from '../../src/domain/administration/events.js';
import type { BranchEvent } from '../../src/domain/branch/events.js';
import type { ContactEvent } from '../../src/domain/contact/events.js';
import type { CustomerEvent } from '../../src/domain/customer/events.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import type { UserEvent } from '../../src/domain/user/events.js';
import * as invoice from '../support/given-invoice.js';

type Example = InvoiceEvent | BranchEvent | CustomerEvent | ContactEvent | AdministrationEvent | UserEvent;
type Examples = { readonly [Type in Example['type']]: Extract<Example, { type: Type }> };

/** The compiler finds the type that is missing here. */
export const EXAMPLES: Examples = {
  InvoiceRegistered: invoice.invoiceRegistered({ externalId: 'erp-1', locale: 'en-US', taxMinor: 0 }),
  InvoiceVoided: invoice.invoiceVoided(),
  InvoicePdfRequested: invoice.pdfRequested(),
  InvoicePdfSent: invoice.pdfSent(),
  InvoicePdfSendFailed: invoice.pdfSendFailed(),
  LinkIssued: invoice.linkIssued(),
  LinkSent: invoice.linkSent(),
  LinkSendFailed: invoice.linkSendFailed(),
  LinkOpened: invoice.linkOpened(),
  LinkRevoked: invoice.linkRevoked(),
  FeeAccepted: invoice.feeAccepted(),
  PaymentStarted: invoice.paymentStarted(),
  PaymentFailed: invoice.paymentFailed(),
  PaymentCaptured: invoice.paymentCaptured(),
  PaymentReleased: invoice.paymentReleased(),
  ReceiptIssued: invoice.receiptIssued(),
  ReceiptSent: invoice.receiptSent(),
  ReceiptSendFailed: invoice.receiptSendFailed(),
  InvoiceRevised: invoice.invoiceRevised(),
  LinkDelivered: invoice.linkDelivered(),
  LinkBounced: invoice.linkBounced(),
  CustomerReplied: invoice.customerReplied(),
  ReminderScheduled: invoice.reminderScheduled(),
  LinkRenewalRequested: invoice.linkRenewalRequested(),
  PaymentRecorded: invoice.paymentRecorded(),
  PaymentRecordReversed: invoice.paymentRecordReversed(),
  ReceiptEmailRequested: invoice.receiptEmailRequested(),
  ReceiptEmailSent: invoice.receiptEmailSent(),
  ReceiptEmailFailed: invoice.receiptEmailFailed(),
  BranchRegistered: { type: 'BranchRegistered', data: { branchId: invoice.BRANCH_ID, ...invoice.BRANCH } },
  BranchUpdated: { type: 'BranchUpdated', data: { changes: { telephone: '+15550100', replyTo: null } } },
  CardProcessingSetUp: { type: 'CardProcessingSetUp', data: { mode: 'platform' } },
  FeePolicySet: { type: 'FeePolicySet', data: { policy: invoice.FEE_POLICY } },
  RemindersSet: {
    type: 'RemindersSet',
    data: { policy: { enabled: true, beforeDays: [3], afterDays: [1, 7], at: '09:00' } },
  },
  InvoiceLinkMessageCustomized: {
    type: 'InvoiceLinkMessageCustomized',
    data: { language: 'en', message: { email: { subject: 'Invoice', body: '{{link}}' }, sms: { body: '{{link}}' } } },
  },
  ReceiptMessageCustomized: {
    type: 'ReceiptMessageCustomized',
    data: { language: 'es', message: { email: { subject: 'Recibo', body: 'Gracias.' }, sms: { body: '{{link}}' } } },
  },
  ReminderMessageCustomized: {
    type: 'ReminderMessageCustomized',
    data: { language: 'fr', message: { email: { subject: 'Rappel', body: '{{link}}' }, sms: { body: '{{link}}' } } },
  },
  MessageReset: { type: 'MessageReset', data: { kind: 'reminder', language: 'fr' } },
  TestMessageRequested: {
    type: 'TestMessageRequested',
    data: {
      requestId: '0b7a4c53-2d4e-5d0f-8a11-6d1f7f1f0a01',
      kind: 'receipt',
      language: 'es',
      message: { email: { subject: 'Recibo', body: 'Gracias.' }, sms: { body: '{{link}}' } },
      channel: 'email',
      recipient: 'office@example.com',
    },
  },
  TestMessageSent: {
    type: 'TestMessageSent',
    data: {
      requestId: '0b7a4c53-2d4e-5d0f-8a11-6d1f7f1f0a01',
      messageId: 'test.0b7a4c53-2d4e-5d0f-8a11-6d1f7f1f0a01@pay.example.com',
      providerId: '250-1',
    },
  },
  TestMessageFailed: {
    type: 'TestMessageFailed',
    data: {
      requestId: '0b7a4c53-2d4e-5d0f-8a11-6d1f7f1f0a01',
      code: '550',
      reason: 'SMTP 550 at RCPT TO',
    },
  },
  CustomerRegistered: {
    type: 'CustomerRegistered',
    data: {
      customerId: invoice.CUSTOMER_ID,
      branchId: invoice.BRANCH_ID,
      externalId: 'customer-1',
      locale: 'en-US',
      details: { name: 'Ada Byron', email: 'ada@example.com', phone: '+15550100', address: ['1 Main Street'] },
    },
  },
  CustomerUpdated: {
    type: 'CustomerUpdated',
    data: {
      customerId: invoice.CUSTOMER_ID,
      changes: { name: 'Ada Byron', email: 'ada.byron@example.com', phone: null },
      locale: 'fr-CA',
      timeZone: 'America/Toronto',
    },
  },
  ContactTextConsentRecorded: {
    type: 'ContactTextConsentRecorded',
    data: { how: 'staff', branchId: invoice.BRANCH_ID, at: '2026-11-20T12:00:00.000Z' },
  },
  ContactOptedOut: {
    type: 'ContactOptedOut',
    data: { channel: 'sms', source: 'keyword', at: '2026-11-20T12:00:00.000Z' },
  },
  ContactOptedIn: {
    type: 'ContactOptedIn',
    data: { channel: 'sms', source: 'keyword', at: '2026-11-20T12:00:00.000Z' },
  },
  ContactUnreachable: {
    type: 'ContactUnreachable',
    data: { channel: 'email', code: '550', reason: 'SMTP 550 at RCPT TO', at: '2026-11-20T12:00:00.000Z' },
  },
  ApiKeyCreated: {
    type: 'ApiKeyCreated',
    data: {
      keyId: '5c1a6a0e-54d5-5b6f-9b62-3a6f2f1c7d10',
      name: 'Books',
      role: 'finance',
      branchIds: [invoice.BRANCH_ID],
      expiresAt: '2027-11-20T00:00:00.000Z',
      keyHash: 'aa'.repeat(32),
    },
  },
  ExportMade: {
    type: 'ExportMade',
    data: {
      exportId: '6d1a6a0e-54d5-4b6f-9b62-3a6f2f1c7d11',
      what: 'payments',
      filter: { from: '2026-11-01', to: '2026-11-30', branchIds: [invoice.BRANCH_ID], method: 'card', searched: true },
      rows: 42,
    },
  },
  UserChanged: {
    type: 'UserChanged',
    data: {
      userId: '3f0a7a1e-8b1d-5c0e-9d7a-6a5b4c3d2e1f',
      email: 'ada@example.com',
      name: 'Ada Byron',
      role: 'finance',
      branchIds: ['8f3b8f2e-3c58-5f6a-9a6a-0e6f6a0f2b11'],
      status: 'invited',
    },
  },
  ApiKeyRevoked: { type: 'ApiKeyRevoked', data: { keyId: '5c1a6a0e-54d5-5b6f-9b62-3a6f2f1c7d10' } },
  WebhookEndpointAdded: {
    type: 'WebhookEndpointAdded',
    data: {
      endpointId: '0f2b7a54-7f0e-5c0d-8a4b-1d2e3f405162',
      secretId: '6e1d2c3b-4a59-5687-9c0d-aebfc0d1e2f3',
      url: 'https://books.example.com/hooks',
      events: ['invoice.paid', 'link.bounced'],
      branchIds: [invoice.BRANCH_ID],
      description: 'The books',
      enabled: true,
    },
  },
  WebhookEndpointChanged: {
    type: 'WebhookEndpointChanged',
    data: {
      endpointId: '0f2b7a54-7f0e-5c0d-8a4b-1d2e3f405162',
      url: 'https://books.example.com/hooks',
      enabled: false,
      because: 'gone',
    },
  },
  WebhookSecretRotated: {
    type: 'WebhookSecretRotated',
    data: {
      endpointId: '0f2b7a54-7f0e-5c0d-8a4b-1d2e3f405162',
      secretId: '7f2e3d4c-5b6a-5798-8d1e-bfc0d1e2f304',
      previousValidUntil: '2026-11-24T12:00:00.000Z',
    },
  },
  WebhookEndpointRemoved: {
    type: 'WebhookEndpointRemoved',
    data: { endpointId: '0f2b7a54-7f0e-5c0d-8a4b-1d2e3f405162' },
  },
};
