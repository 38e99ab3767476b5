import { describe, it } from '@jest/globals';
import type { InvoiceCommand } from '../../src/domain/invoice/commands.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import { given, nothing, refused } from '../support/given.js';
import { ATTEMPT_ID, PAID, PAYING, receiptIssued, receiptSendFailed, receiptSent } from '../support/given-invoice.js';

const invoice = (...events: readonly InvoiceEvent[]) => given(invoiceDecider, events);

describe('a receipt', () => {
  const issue: InvoiceCommand = { type: 'IssueReceipt', ...receiptIssued().data };
  const { receiptId: _id, ...sent } = receiptSent().data;
  const record: InvoiceCommand = { type: 'RecordReceiptSent', sent };

  it('follows a capture, exactly once, and keeps its first number', () => {
    invoice(...PAID)
      .when(issue)
      .then([receiptIssued()]);
    invoice(...PAID, receiptIssued())
      .when({ ...issue, number: '000002' })
      .then(nothing);
  });

  it('is refused without a capture', () => {
    invoice(...PAYING)
      .when(issue)
      .then(refused('payment_not_found', { paymentId: ATTEMPT_ID }));
  });

  it('is sent once, after it was issued', () => {
    invoice(...PAID, receiptIssued())
      .when(record)
      .then([receiptSent()]);
    invoice(...PAID, receiptIssued(), receiptSent())
      .when(record)
      .then(nothing);
    invoice(...PAID)
      .when(record)
      .then(refused('receipt_not_found'));
    invoice(...PAYING)
      .when(record)
      .then(refused('receipt_not_found'));
  });

  it('that nobody will take is said so once, and not after it was taken', () => {
    const fail: InvoiceCommand = { type: 'RecordReceiptSendFailed', ...receiptSendFailed().data };
    invoice(...PAID, receiptIssued())
      .when(fail)
      .then([receiptSendFailed()]);
    invoice(...PAID, receiptIssued(), receiptSendFailed())
      .when(fail)
      .then(nothing);
    invoice(...PAID, receiptIssued(), receiptSent())
      .when(fail)
      .then(nothing);
    // A provider that took it after all is the later and better fact.
    invoice(...PAID, receiptIssued(), receiptSendFailed())
      .when(record)
      .then([receiptSent()]);
  });
});
