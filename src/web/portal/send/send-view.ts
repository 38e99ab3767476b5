/** How *Email or Text…* shows a message before it is sent. */
import type { RenderedMessage } from '../../../application/documents.js';
import type { SendWarning } from '../../../application/invoice/sending-checks.js';
import type { InvoiceView, LinkView } from '../../../application/invoice/invoice-view.js';
import { moment, moneyWords } from '../portal-formats.js';
import type { Mistake } from '../portal-forms.js';
import { sendTimeView, type TypedTime } from './send-time.js';

export type MessageChannel = 'email' | 'sms';

const CAP_WORDS = {
  number_per_day: (limit: number) => `This number got ${limit} texts within a day, which is as many as may be.`,
  invoice_per_day: (limit: number) =>
    `${limit} messages about this invoice went out within a day, which is as many as may be.`,
  staff_per_hour: (limit: number) => `You sent ${limit} messages within an hour, which is as many as may be.`,
  text_segments_per_day: (limit: number) =>
    `Texts of ${limit} segments went out within a day, which is as many as may be.`,
} as const;

export interface SendInput {
  readonly invoice: InvoiceView;
  readonly branch: { readonly name: string; readonly timeZone: string; readonly replyTo: string | undefined };
  readonly message: RenderedMessage;
  readonly channel: MessageChannel;
  /** As it was typed, or the customer's own. */
  readonly to: string;
  readonly warnings: readonly SendWarning[];
  readonly mistake: Mistake | undefined;
  readonly consent: boolean;
  readonly time: TypedTime;
  readonly cause: string;
  readonly csrf: string;
  readonly now: Date;
}

/** What the preview depends on. */
export type PreviewInput = Omit<SendInput, 'mistake' | 'consent' | 'time' | 'cause' | 'csrf'>;

export function sendView(input: SendInput): object {
  const { invoice, channel, to, mistake, cause, csrf } = input;
  const { email, phone } = invoice.contact;
  return {
    path: `/staff/invoices/${invoice.invoiceId}`,
    number: invoice.number,
    customer: invoice.customer.name,
    isEmail: channel === 'email',
    isSms: channel === 'sms',
    to,
    email: email ?? '',
    phone: phone ?? '',
    mistake: mistake?.field === undefined ? mistake?.words : undefined,
    toMistake: mistake?.field === 'to' ? mistake.words : undefined,
    consentMistake: mistake?.field === 'consent' ? mistake.words : undefined,
    consent: input.consent,
    branch: input.branch.name,
    time: sendTimeView(input.time, input.branch.timeZone, input.now),
    timeMistake: mistake?.field === 'sendAt' ? mistake.words : undefined,
    cause,
    csrf,
    preview: previewView(input),
  };
}

/** Whether the link went to another recipient than the customer's own. */
export function isEdited({ channel, recipient }: LinkView, { contact }: InvoiceView): boolean {
  return recipient !== undefined && recipient !== (channel === 'email' ? contact.email : contact.phone);
}

/** The message in its frame, and what should be known before it goes out. */
export function previewView({ invoice, branch, message, channel, to, warnings, now }: PreviewInput): object {
  const { segments } = message.sms;
  const refusal = refusalOf(invoice, warnings);
  return {
    due: dueWords(invoice),
    refusedOf: refusal?.of ?? '',
    whyNot: refusal?.words ?? '',
    isEmail: channel === 'email',
    from: branch.name,
    replyTo: branch.replyTo,
    to,
    subject: message.email.subject,
    frame: `/staff/invoices/${invoice.invoiceId}/send/email.html`,
    text: message.email.text,
    sms: message.sms.body,
    segments: segments === 1 ? '1 segment' : `${segments} segments`,
    manySegments: segments > 1,
    needsConsent: asksForConsent(warnings),
    warnings: warnings.flatMap((warning) => warningView(warning, branch.timeZone, now)),
  };
}

function dueWords({ status, balanceMinor, currency }: InvoiceView): string {
  return status === 'paid' || status === 'void' ? status : `${moneyWords(balanceMinor, currency)} due`;
}

/** Why the service would refuse: of the whole invoice, or of this recipient by this channel alone. */
interface Refusal {
  readonly of: 'invoice' | 'recipient';
  readonly words: string;
}

/** Told before anybody presses the button. Whatever becomes true afterwards the service refuses itself. */
function refusalOf({ status }: InvoiceView, warnings: readonly SendWarning[]): Refusal | undefined {
  if (status === 'paid') return { of: 'invoice', words: 'This invoice is paid already.' };
  if (status === 'void') return { of: 'invoice', words: 'This invoice is void.' };
  const codes = warnings.map(({ code }) => code);
  if (codes.includes('contact_opted_out')) return { of: 'recipient', words: 'The customer asked not to be texted.' };
  if (codes.includes('cap_reached')) return { of: 'recipient', words: 'As many messages went out as may be.' };
  return undefined;
}

/** Who asked not to be texted has to undo that themselves: nobody can agree in their place. */
function asksForConsent(warnings: readonly SendWarning[]): boolean {
  const codes = warnings.map(({ code }) => code);
  return codes.includes('text_consent_missing') && !codes.includes('contact_opted_out');
}

function warningView(
  warning: SendWarning,
  timeZone: string,
  now: Date,
): readonly { readonly tone: 'warn' | 'bad' | 'calm'; readonly words: string }[] {
  switch (warning.code) {
    case 'card_processing_not_set_up':
      return [
        {
          tone: 'warn',
          words:
            'Card processing is not set up for this branch: the customer will see the invoice and cannot pay it online.',
        },
      ];
    case 'invoice_paid':
      return [{ tone: 'warn', words: 'This invoice is paid already. There is nothing to ask for.' }];
    case 'invoice_void':
      return [{ tone: 'warn', words: 'This invoice is void: whoever follows a link to it is told so.' }];
    case 'address_bounced':
      return [
        {
          tone: 'warn',
          words: `A message to this address came back ${moment(warning.at, timeZone, now).relative}. Ask the customer for another one.`,
        },
      ];
    case 'contact_opted_out':
      return [
        {
          tone: 'bad',
          words: `The customer asked not to be texted, and only they can undo it: ask them to ${warning.say}. You can send an email.`,
        },
      ];
    case 'cap_reached':
      return [
        {
          tone: 'bad',
          words: `${CAP_WORDS[warning.cap](warning.limit)} There is room again ${moment(warning.endsAt, timeZone, now).exact}; ${warning.liftedBy} can lift it.`,
        },
      ];
    case 'held_for_quiet_hours':
      return [
        {
          tone: 'warn',
          words: `At that time nobody is texted: it is night where the customer is. The text goes out ${moment(warning.goesAt, warning.timeZone, now).exact}.`,
        },
      ];
    case 'later_bounces_not_seen':
      return [
        {
          tone: 'calm',
          words: 'An address that refuses the message at once shows as bounced; one that sends it back later does not.',
        },
      ];
    case 'text_consent_missing':
      // Asked by a box beside the recipient.
      return [];
    default:
      return warning satisfies never;
  }
}
