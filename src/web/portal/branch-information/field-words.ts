/** Settings of a branch in words, for what changes and changed. */
import { KIND_WORDS, LANGUAGE_WORDS } from './wording-form.js';

const LONGEST_WORDS = 400;

/** A setting as people read it. */
export function inWords(value: unknown): string {
  if (value === undefined || value === null || value === '') return '(nothing)';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? '(nothing)' : value.join(', ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.startsWith('data:image/')) return `a picture of ${Math.ceil((text.length * 3) / 4000)} kB`;
  return text.length > LONGEST_WORDS ? `${text.slice(0, LONGEST_WORDS)}…` : text;
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  name: 'Name',
  address: 'Address',
  country: 'Country',
  region: 'State or region',
  timeZone: 'Time zone',
  locale: 'Language and formats',
  telephone: 'Telephone',
  otherWaysToPay: 'Other ways to pay',
  colour: 'Colour',
  privacyUrl: 'Privacy notice',
  termsUrl: 'Terms',
  replyTo: 'Answers go to',
  emailFrom: 'Emails come from',
  smsSender: 'Texts come from',
  logo: 'Logo',
  mode: 'Cards are charged on',
  secretKey: 'Secret key',
  publishableKey: 'Publishable key',
  account: 'Account',
  enabled: 'Switched on',
  beforeDays: 'Days before',
  afterDays: 'Days after',
  at: 'Time',
  rateBps: 'Rate (hundredths of a percent)',
  fixedMinor: 'Fixed part (minor units)',
  capBps: 'Most (hundredths of a percent)',
  costBps: 'Cost (hundredths of a percent)',
  fundings: 'Cards',
  label: 'Name of the fee',
  consentText: 'Consent',
  disclosureText: 'Disclosure',
  noticeGivenOn: 'Notice given on',
  effectiveFrom: 'Charged from',
  'email.subject': 'Subject of the email',
  'email.body': 'Email',
  'sms.body': 'Text',
};

/** What a setting is called in the portal; a message's part by its message and language. */
export function fieldWords(field: string): string {
  const [kind, language, part] = field.split('/');
  if (language === undefined || part === undefined) return FIELD_WORDS[field] ?? field;
  const { label } = KIND_WORDS[kind as keyof typeof KIND_WORDS];
  return `${label}, ${LANGUAGE_WORDS[language] ?? language}: ${part}`;
}
