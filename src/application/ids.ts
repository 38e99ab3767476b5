/** Ids that derive from what they stand for, so that the same request always makes the same thing. */
import { createHash } from 'node:crypto';
import { v5 } from 'uuid';

const NAMESPACE = '6f1d1c2e-6d0b-5f0e-9c39-5b1f7a0c4e11';

/** Length-prefixed, so that no two lists of parts can be written alike. */
function named(kind: string, ...parts: readonly string[]): string {
  return v5([kind, ...parts].map((part) => `${part.length}:${part}`).join(''), NAMESPACE);
}

/** `ordinal` is the event's place within its append. */
export function eventId(stream: string, type: string, cause: string, ordinal: number): string {
  return named('event', stream, type, cause, String(ordinal));
}

/** One invoice a branch and number: the stream's expected revision then makes the number unique. */
export function invoiceId(branchId: string, number: string): string {
  return named('invoice', branchId, normaliseNumber(number));
}

/** Numbers that people would read as the same are the same. */
function normaliseNumber(number: string): string {
  return number.normalize('NFKC').trim().replace(/\s+/g, ' ').toUpperCase();
}

/** `key` is `external:<externalId>` or `contact:<digest of the address>`. */
export function customerId(branchId: string, key: string): string {
  return named('customer', branchId, key);
}

export function branchId(cause: string): string {
  return named('branch', cause);
}

export function apiKeyId(cause: string): string {
  return named('api-key', cause);
}

export function webhookEndpointId(cause: string): string {
  return named('webhook-endpoint', cause);
}

export function webhookSecretId(endpoint: string, cause: string): string {
  return named('webhook-secret', endpoint, cause);
}

/** A message of an event that has one of its own id already. */
export function webhookMessageId(causeId: string, type: string): string {
  return named('webhook-message', causeId, type);
}

export function webhookDeliveryId(endpoint: string, messageId: string): string {
  return named('webhook-delivery', endpoint, messageId);
}

export function pdfRequestId(invoice: string, cause: string): string {
  return named('pdf-request', invoice, cause);
}

export function recordedPaymentId(invoice: string, cause: string): string {
  return named('recorded-payment', invoice, cause);
}

/** `kind` keeps jobs of different kinds apart that one cause asked for. */
export function longJobId(kind: string, cause: string): string {
  return named('long-job', kind, cause);
}

/** What links that share one message have in common. */
export function messageKey(jobId: string, parts: readonly string[]): string {
  return shortId('message', jobId, ...parts);
}

/** So much of a cause is the row's own: 12 hexadecimal digits and a dash. What follows is as random as it was drawn. */
const ROW_MARK_LENGTH = 13;

function importRowMark(jobId: string, line: number): string {
  return named('import-row', jobId, String(line)).slice(0, ROW_MARK_LENGTH);
}

/** The cause of what one row of an import does: nobody else's, since it is `drawn` at random, and told again by the row. */
export function importRowCause(jobId: string, line: number, drawn: string): string {
  return importRowMark(jobId, line) + drawn.slice(ROW_MARK_LENGTH);
}

/** Whether this very row was the cause, in whichever run of its job. */
export function isImportRowCause(cause: string, jobId: string, line: number): boolean {
  return cause.startsWith(importRowMark(jobId, line));
}

export function receiptEmailId(paymentId: string, cause: string): string {
  return named('receipt-email', paymentId, cause);
}

export function testMessageId(branch: string, cause: string): string {
  return named('test-message', branch, cause);
}

/** Stands in a test message where a link's id would: it opens nothing. */
export function testLinkId(requestId: string): string {
  return shortId('test-link', requestId);
}

/** One attempt a quote: a doubled submit is the same attempt. */
export function attemptId(quoteId: string): string {
  return named('attempt', quoteId);
}

/** 96 bits of base64url. No secret: the unguessable part of a link is made from it under a key. */
export function linkId(invoice: string, cause: string): string {
  return shortId('link', invoice, cause);
}

export function receiptId(paymentId: string): string {
  return shortId('receipt', paymentId);
}

function shortId(...parts: readonly string[]): string {
  return createHash('sha256')
    .update(parts.map((part) => `${part.length}:${part}`).join(''))
    .digest()
    .subarray(0, 12)
    .toString('base64url');
}

/** `digest` is that of the address in lower case: one address is one user, and the id does not tell which. */
export function userId(digest: string): string {
  return named('user', digest);
}

export const ADMINISTRATION_STREAM = 'administration';
export const invoiceStream = (id: string): string => `invoice-${id}`;
export const branchStream = (id: string): string => `branch-${id}`;
/** `digest` is the keyed digest of the normalised address. */
export const contactStream = (digest: string): string => `contact-${digest}`;
export const customerStream = (id: string): string => `customer-${id}`;
export const userStream = (id: string): string => `user-${id}`;
