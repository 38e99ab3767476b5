import { isFurtherNumber } from './magic-numbers.js';
import type { TextQuery } from './message-table.js';
import { TwilioError, recipientRefused } from './twilio-error.js';

const TEXT_LIMIT = 1600;
const PAGE_LIMIT = 1000;

interface AskedText {
  readonly to: string;
  readonly sender: string;
  /** The messaging service that picks the sender, where one was named. */
  readonly serviceSid: string | null;
  readonly body: string;
  readonly statusCallback: string | null;
}

/** @throws TwilioError with the code that Twilio has for what is wrong */
export function readNewText(form: URLSearchParams, accountNumber: string): AskedText {
  const to = form.get('To')?.trim() ?? '';
  const body = form.get('Body') ?? '';
  const statusCallback = form.get('StatusCallback');
  if (to === '') throw new TwilioError(400, 21604, "A 'To' phone number is required.");
  if (!/^\+[1-9]\d{6,14}$/.test(to)) throw recipientRefused(21211);
  const from = readSender(form, accountNumber);
  if (body === '') throw new TwilioError(400, 21602, 'Message body is required.');
  if (body.length > TEXT_LIMIT) {
    throw new TwilioError(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
  }
  if (statusCallback !== null && !/^https?:\/\//.test(statusCallback)) {
    throw new TwilioError(400, 21609, "Invalid 'StatusCallback' URL");
  }
  return { to, ...from, body, statusCallback };
}

/** Every messaging service that is named exists, and sends from the account's first number. */
function readSender(form: URLSearchParams, accountNumber: string): { sender: string; serviceSid: string | null } {
  const serviceSid = form.get('MessagingServiceSid');
  if (serviceSid !== null) {
    if (/^MG[0-9a-f]{32}$/.test(serviceSid)) return { sender: accountNumber, serviceSid };
    throw new TwilioError(404, 20404, `The requested resource ${serviceSid} was not found`);
  }
  const sender = form.get('From')?.trim() ?? '';
  if (sender === '') throw new TwilioError(400, 21603, "A 'From' phone number is required.");
  if (sender !== accountNumber && !isFurtherNumber(sender)) {
    throw new TwilioError(400, 21606, "The 'From' phone number provided is not a number of this account.");
  }
  return { sender, serviceSid };
}

/** @throws TwilioError where the query cannot be read */
export function readTextQuery(url: URL): { page: number; pageSize: number; query: Omit<TextQuery, 'limit'> } {
  return {
    pageSize: wholeNumber(url, 'PageSize', 50, PAGE_LIMIT),
    page: wholeNumber(url, 'Page', 0, Number.MAX_SAFE_INTEGER),
    query: {
      to: url.searchParams.get('To'),
      from: url.searchParams.get('From'),
      ...sendingTimes(url),
      beforeSid: url.searchParams.get('PageToken')?.replace(/^PA/, '') ?? null,
    },
  };
}

function wholeNumber(url: URL, name: string, standard: number, most: number): number {
  const text = url.searchParams.get(name);
  if (text === null) return standard;
  if (!/^\d{1,9}$/.test(text)) throw new TwilioError(400, 20001, `${name} must be a whole number`);
  return Math.min(most, Math.max(name === 'PageSize' ? 1 : 0, Number(text)));
}

/** `DateSent>` includes its moment, `DateSent<` does not, and `DateSent` alone means that day. */
function sendingTimes(url: URL): { sentFrom: Date | null; sentBefore: Date | null } {
  const time = (name: string): Date | null => {
    const text = url.searchParams.get(name);
    if (text === null) return null;
    const at = new Date(text);
    if (Number.isNaN(at.getTime())) throw new TwilioError(400, 20001, `${name} must be a date`);
    return at;
  };
  const day = time('DateSent');
  if (day === null) return { sentFrom: time('DateSent>'), sentBefore: time('DateSent<') };
  const midnight = new Date(day.toISOString().slice(0, 10));
  return { sentFrom: midnight, sentBefore: new Date(midnight.getTime() + 86_400_000) };
}
