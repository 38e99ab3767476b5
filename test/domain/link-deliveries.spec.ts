import { describe, it } from '@jest/globals';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import { given, nothing, refused } from '../support/given.js';
import * as example from '../support/given-invoice.js';

const at = '2026-11-20T12:00:03.000Z';
const { linkId } = example.linkSent().data;
const delivered = { type: 'LinkDelivered', data: { linkId, providerId: 'SM1', at } } as const satisfies InvoiceEvent;
const bounced = {
  type: 'LinkBounced',
  data: { linkId, code: '30003', reason: 'Twilio 30003', at },
} as const satisfies InvoiceEvent;
const reply = { linkId, providerId: 'SM9', text: 'I will pay on Friday', receivedAt: at };
const replied = {
  type: 'CustomerReplied',
  data: { ...reply, customerId: example.CUSTOMER_ID },
} as const satisfies InvoiceEvent;

const sent = [example.invoiceRegistered(), example.linkIssued(), example.linkSent()];
const invoice = (...events: readonly InvoiceEvent[]) => given(invoiceDecider, [...sent, ...events]);

describe('the message of a link', () => {
  it('is delivered once', () => {
    invoice()
      .when({ type: 'RecordLinkDelivered', ...delivered.data })
      .then([delivered]);
    invoice(delivered)
      .when({ type: 'RecordLinkDelivered', ...delivered.data })
      .then(nothing);
  });

  it('has one end, whichever the provider told first', () => {
    invoice()
      .when({ type: 'RecordLinkBounced', ...bounced.data })
      .then([bounced]);
    invoice(bounced)
      .when({ type: 'RecordLinkDelivered', ...delivered.data })
      .then(nothing);
    invoice(delivered)
      .when({ type: 'RecordLinkBounced', ...bounced.data })
      .then(nothing);
  });

  it('that bounced before anybody took it is not failed too, and may turn out to have been taken', () => {
    const early = given(invoiceDecider, [example.invoiceRegistered(), example.linkIssued(), bounced]);
    early.when({ type: 'RecordLinkSendFailed', linkId, code: '550', reason: 'x' }).then(nothing);
    early.when({ type: 'RecordLinkSent', ...example.linkSent().data }).then([example.linkSent()]);
  });

  it('reached the customer also when it was revoked meanwhile', () => {
    invoice(example.linkRevoked())
      .when({ type: 'RecordLinkDelivered', ...delivered.data })
      .then([delivered]);
  });

  it('of a link that is not of this invoice is refused', () => {
    const other = { ...delivered.data, linkId: 'another' };
    invoice()
      .when({ type: 'RecordLinkDelivered', ...other })
      .then(refused('link_not_found'));
  });
});

describe("the customer's answer", () => {
  it('stands on the invoice once', () => {
    invoice().when({ type: 'RecordCustomerReply', reply }).then([replied]);
    invoice(replied).when({ type: 'RecordCustomerReply', reply }).then(nothing);
  });
});
