/** The lines of payments and their receipts. */
import { wordsFor } from '../../../application/words/words.js';
import { declineWords } from '../../pay/decline-words.js';
import { cardWords } from '../../pay/formats.js';
import { dateWords } from '../portal-formats.js';
import { details, type Lines } from './timeline-line.js';

/** The language of the portal. */
const TEXT = wordsFor('en');
const METHODS = { cash: 'cash', check: 'a check', transfer: 'a transfer', other: 'another way' } as const;
const RELEASES = {
  never_confirmed: 'the card was never confirmed',
  other_card: 'the customer chose another card',
  abandoned: 'the customer left',
} as const;

const receiptOf = (number: string | undefined): string => (number === undefined ? 'Receipt' : `Receipt ${number}`);

export const PAYMENT_LINES: Lines<
  | 'FeeAccepted'
  | 'PaymentStarted'
  | 'PaymentFailed'
  | 'PaymentCaptured'
  | 'PaymentReleased'
  | 'PaymentRecorded'
  | 'PaymentRecordReversed'
> = {
  FeeAccepted: ({ feeMinor, totalMinor, consentText, disclosureText, browser }, _about, { money }) => ({
    what: `Fee of ${money(feeMinor)} accepted, ${money(totalMinor)} in all`,
    tone: 'calm',
    details: details({ 'Agreed to': consentText, 'Was told': disclosureText, Browser: browser.userAgent }),
  }),
  PaymentStarted: ({ totalMinor, paymentIntentId }, _about, { money }) => ({
    what: `Payment of ${money(totalMinor)} started`,
    tone: 'calm',
    details: details({ 'At the processor': paymentIntentId }),
  }),
  PaymentFailed: ({ code, declineCode, paymentIntentId }, { attemptMinor }, { money }) => ({
    what: `Payment${attemptMinor === undefined ? '' : ` of ${money(attemptMinor)}`} failed: ${declineWords(code, declineCode, TEXT)}`,
    tone: 'bad',
    details: details({ Code: [code, declineCode].filter(Boolean).join(', '), 'At the processor': paymentIntentId }),
  }),
  PaymentCaptured: ({ amountMinor, feeMinor, totalMinor, card, capturedAt, chargeId }, _about, { money, exact }) => ({
    what: `Paid ${money(totalMinor)} by ${cardWords(card, TEXT)}`,
    tone: 'good',
    details: details({
      'Towards the invoice': money(amountMinor),
      Fee: feeMinor === 0 ? undefined : money(feeMinor),
      'At the bank’s time': exact(capturedAt),
      'At the processor': chargeId,
    }),
  }),
  PaymentReleased: ({ reason, paymentIntentId }, { attemptMinor }, { money }) => ({
    what: `Payment${attemptMinor === undefined ? '' : ` of ${money(attemptMinor)}`} ended without a charge: ${RELEASES[reason]}`,
    tone: 'calm',
    details: details({ 'At the processor': paymentIntentId }),
  }),
  PaymentRecorded: ({ method, amountMinor, receivedOn, reference }, _about, { money }) => ({
    what: `Recorded: ${money(amountMinor)} by ${METHODS[method]}`,
    tone: 'good',
    details: details({ 'Received on': dateWords(receivedOn), Reference: reference }),
  }),
  PaymentRecordReversed: ({ reason }, { recorded }, { money }) => ({
    what: recorded
      ? `Reversed: ${money(recorded.amountMinor)} by ${METHODS[recorded.method]} is owed again`
      : 'A recorded payment was reversed',
    tone: 'warn',
    details: details({ Reason: reason }),
  }),
};

export const RECEIPT_LINES: Lines<
  | 'ReceiptIssued'
  | 'ReceiptSent'
  | 'ReceiptSendFailed'
  | 'ReceiptEmailRequested'
  | 'ReceiptEmailSent'
  | 'ReceiptEmailFailed'
> = {
  ReceiptIssued: ({ number }) => ({ what: `Receipt ${number} issued`, tone: 'calm' }),
  ReceiptSent: ({ channel, messageId, providerId }, { receiptNumber }) => ({
    what: `${receiptOf(receiptNumber)} sent by ${channel === 'email' ? 'email' : 'text'}`,
    tone: 'calm',
    details: details({ Message: messageId, 'Provider’s id': providerId }),
  }),
  ReceiptSendFailed: ({ reason, code }, { receiptNumber }) => ({
    what: `${receiptOf(receiptNumber)} not sent: ${reason}`,
    tone: 'bad',
    details: details({ Code: code }),
  }),
  ReceiptEmailRequested: ({ recipient }, { receiptNumber }) => ({
    what: `${receiptOf(receiptNumber)} asked for by email to ${recipient}`,
    tone: 'calm',
  }),
  ReceiptEmailSent: ({ messageId, providerId }, { recipient }) => ({
    what: `Receipt sent by email${recipient === undefined ? '' : ` to ${recipient}`}`,
    tone: 'calm',
    details: details({ Message: messageId, 'Provider’s id': providerId }),
  }),
  ReceiptEmailFailed: ({ reason, code }, { recipient }) => ({
    what: `Receipt not sent by email${recipient === undefined ? '' : ` to ${recipient}`}: ${reason}`,
    tone: 'bad',
    details: details({ Code: code }),
  }),
};
