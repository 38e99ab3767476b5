/** The form of a message: the words of the email and of the text, in one language. */
import type { Request } from 'express';
import type { WordedKind, Wording } from '../../../application/branch/branch-view.js';
import { MESSAGE_PLACEHOLDERS } from '../../../application/branch/placeholders.js';
import type { RenderedMessage } from '../../../application/documents.js';
import { messageWording } from '../../api/schemas/messages.js';
import { branchPath } from './branch-tabs.js';
import { fieldView, readAs, readTyped, type FieldLook, type Mistakes, type Read, type Typed } from './form-fields.js';

/** One message in one language. */
export interface MessageChoice {
  readonly kind: WordedKind;
  readonly language: string;
}

/** As the template's own refusals call them. */
const PARTS = ['email.subject', 'email.body', 'sms.body'] as const;

export const KIND_WORDS: Readonly<Record<WordedKind, { readonly label: string; readonly says: string }>> = {
  'invoice-link': {
    label: 'Invoice link message',
    says: 'Goes out with the link that staff send: to see the invoice and to pay it.',
  },
  receipt: { label: 'Receipt message', says: 'Goes out by itself when an invoice is paid by card.' },
  reminder: { label: 'Reminder message', says: 'Goes out on the days that are set under Reminders.' },
};

export const LANGUAGE_WORDS: Readonly<Record<string, string>> = { en: 'English', es: 'Spanish', fr: 'French' };

export function typedWording({ email, sms }: Wording): Typed {
  return { 'email.subject': email.subject, 'email.body': email.body, 'sms.body': sms.body };
}

export function readWordingForm(request: Request): Typed {
  return readTyped(request, PARTS);
}

/** What was typed, in the form of the API. What is left empty is told by the template's rules. */
export function wordingOf(typed: Typed): Read<Wording> {
  const result = messageWording.safeParse({
    email: { subject: typed['email.subject'], body: typed['email.body'] },
    sms: { body: typed['sms.body'] },
  });
  return readAs(result, (path) => path);
}

function looks(kind: WordedKind): Readonly<Record<'subject' | 'body' | 'sms', FieldLook>> {
  return {
    subject: { name: 'email.subject', label: 'Subject of the email', max: 500, required: true },
    body: {
      ...{ name: 'email.body', label: KIND_WORDS[kind].label, type: 'textarea', rows: 10, required: true },
      hint: 'The email. An empty line begins a paragraph; {{link}} alone on a line is a button.',
    },
    sms: {
      ...{ name: 'sms.body', label: 'Text message', type: 'textarea', rows: 4, required: true },
      hint: 'Short is kind: each 160 characters are a text of their own, 70 where there are letters like “ł” or an emoji.',
    },
  };
}

export function wordingFieldsView(kind: WordedKind, typed: Typed, mistakes: Mistakes): object {
  const { subject, body, sms } = looks(kind);
  return {
    subject: fieldView(subject, typed, mistakes),
    body: fieldView(body, typed, mistakes),
    sms: fieldView(sms, typed, mistakes),
    placeholders: Object.entries(MESSAGE_PLACEHOLDERS[kind]).map(([name, says]) => ({
      text: `{{${name}}}`,
      says,
    })),
  };
}

/** Tabs within the tab: which message, and in which language. */
export function wordingChoicesView(
  branchId: string,
  kind: WordedKind,
  language: string,
  own: readonly string[],
): object {
  const path = `${branchPath(branchId)}/messages`;
  return {
    kinds: Object.entries(KIND_WORDS).map(([each, { label }]) => ({
      href: `${path}/${each}?language=${language}`,
      label,
      current: each === kind,
    })),
    languages: Object.entries(LANGUAGE_WORDS).map(([code, word]) => ({
      href: `${path}/${kind}?language=${code}`,
      label: own.includes(code) ? `${word} (your words)` : word,
      current: code === language,
    })),
  };
}

/** The message as it would arrive, or why it cannot be shown. */
export function previewView(message: RenderedMessage | undefined, from: string): object {
  const segments = message?.sms.segments ?? 0;
  return {
    from,
    shown: message !== undefined,
    subject: message?.email.subject,
    text: message?.email.text,
    sms: message?.sms.body,
    segments: segments === 1 ? '1 segment' : `${segments} segments`,
    manySegments: segments > 1,
  };
}
