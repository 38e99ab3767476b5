import type { MessageKind, MessageWording } from '../../domain/branch/events.js';
import { mentions, parseWording, refuseWording, type Piece, type WordingPart } from './wording-template.js';

/** A message that was found fit to be sent. */
export interface ReadWording {
  readonly subject: readonly Piece[];
  readonly emailBody: readonly Piece[];
  readonly smsBody: readonly Piece[];
}

/** Why a part needs the link, by message. An email with a receipt has a button of its own for it, a text has not. */
const LINK_NEEDED: Readonly<Record<MessageKind, Partial<Readonly<Record<WordingPart, string>>>>> = {
  'invoice-link': {
    'email.body': 'Without {{link}} the customer cannot open the invoice.',
    'sms.body': 'Without {{link}} the customer cannot open the invoice.',
  },
  reminder: {
    'email.body': 'Without {{link}} the customer cannot open the invoice.',
    'sms.body': 'Without {{link}} the customer cannot open the invoice.',
  },
  receipt: { 'sms.body': 'Without {{link}} the customer cannot open the receipt.' },
};

/**
 * Reads a message and checks what must and must not be in each part.
 * @throws DomainError `template_invalid` with `part`, `line` and `reason`
 */
export function readWording(kind: MessageKind, message: MessageWording): ReadWording {
  const subject = parseWording(kind, 'email.subject', message.email.subject);
  const emailBody = parseWording(kind, 'email.body', message.email.body);
  const smsBody = parseWording(kind, 'sms.body', message.sms.body);
  if (/[\r\n]/.test(message.email.subject)) {
    refuseWording('email.subject', 1, 'A subject is one line.');
  }
  if (message.email.subject.trim() === '') {
    refuseWording('email.subject', 1, 'A subject cannot be empty.');
  }
  if (mentions(subject, 'link')) {
    refuseWording('email.subject', 1, 'The link belongs in the body: subjects show in notifications and logs.');
  }
  if (message.email.body.trim() === '') {
    refuseWording('email.body', 1, 'The body of an email cannot be empty.');
  }
  for (const [part, pieces] of [
    ['email.body', emailBody],
    ['sms.body', smsBody],
  ] as const) {
    const reason = LINK_NEEDED[kind][part];
    if (reason !== undefined && !mentions(pieces, 'link')) refuseWording(part, 1, reason);
  }
  if (!mentions(smsBody, 'branchName')) {
    refuseWording('sms.body', 1, 'Without {{branchName}} the customer cannot know who writes.');
  }
  return { subject, emailBody, smsBody };
}

const MAX_KEPT = 500;
const kept = new Map<string, ReadWording>();

/** As `readWording`, remembered: branches send one wording thousands of times. */
export function keptWording(kind: MessageKind, message: MessageWording): ReadWording {
  const key = JSON.stringify([kind, message.email.subject, message.email.body, message.sms.body]);
  let wording = kept.get(key);
  if (!wording) {
    wording = readWording(kind, message);
    kept.set(key, wording);
    if (kept.size > MAX_KEPT) {
      kept.delete(kept.keys().next().value!);
    }
  }
  return wording;
}
