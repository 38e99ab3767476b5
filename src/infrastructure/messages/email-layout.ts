/** The one layout of all emails: HTML by a template that is ours, and a text part that is written beside it. */
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import juice from 'juice';
import type { RenderedMessage } from '../../application/documents.js';
import type { Words } from '../../application/words/words.js';
import type { BranchDetails } from '../../domain/branch/events.js';
import { look } from '../look/tokens.js';
import { readLogo } from '../pdf/logo.js';
import { readableAccent } from './accent.js';
import { EMAIL_CSS } from './email-style.js';

/** Mail clients cut off messages of more than about 100 kB; a larger logo is not worth the end of the message. */
const MAX_LOGO_CHARACTERS = 40_000;

/** A stretch of words, perhaps on a new line, perhaps the link itself. */
export interface Stretch {
  readonly text: string;
  readonly br: boolean;
  readonly url: string | undefined;
}

export type Paragraph = readonly Stretch[];

/** A sum to pay, with what it is for and how. */
interface Sum {
  readonly label: string;
  readonly amount: string;
  readonly details: readonly string[];
  readonly quiet: string | undefined;
}

interface Button {
  readonly label: string;
  readonly url: string;
}

export interface EmailContent {
  readonly words: Words;
  readonly branch: BranchDetails;
  readonly subject: string;
  /** What mailboxes show beside the subject. */
  readonly preheader: string;
  readonly note: string | undefined;
  readonly before: readonly Paragraph[];
  readonly panel: Sum;
  readonly button: Button | undefined;
  /** Where an email is about several things, each has its own button. */
  readonly items: readonly (Sum & { readonly button: Button })[];
  readonly after: readonly Paragraph[];
  /** Who sent this, and why. */
  readonly footer: readonly string[];
}

const template = compileLayout();

/** Inlines the style and compiles, once: nothing of a message goes through either. */
function compileLayout(): Handlebars.TemplateDelegate {
  const source = readFileSync(new URL('email.hbs', import.meta.url), 'utf8');
  const styled = juice(source.replace('</head>', `<style>${EMAIL_CSS}</style></head>`), { preserveImportant: true });
  return Handlebars.create().compile(styled, {
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: { if: true, each: true },
  });
}

export function renderEmail(content: EmailContent): RenderedMessage['email'] {
  return { subject: content.subject, html: renderHtml(content), text: renderText(content) };
}

function renderHtml({ words, ...content }: EmailContent): string {
  const { branch } = content;
  const logo = branch.logo !== undefined && branch.logo.length <= MAX_LOGO_CHARACTERS && readLogo(branch.logo);
  // Without a prototype there is nothing to be reached but what is put in here.
  const model: object = Object.assign(Object.create(null) as object, {
    ...content,
    language: words.language,
    copyAddress: words.mail.copyAddress,
    legal: legalLinks(branch, words),
    branchName: branch.name,
    accent: readableAccent(branch.colour, look.light.accent),
    logo: logo ? branch.logo : undefined,
  });
  return template(model, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
}

/** Where the branch's terms and its word on privacy are. */
function legalLinks({ privacyUrl, termsUrl }: BranchDetails, words: Words): readonly Button[] {
  return [
    ...(privacyUrl === undefined ? [] : [{ label: words.privacy, url: privacyUrl }]),
    ...(termsUrl === undefined ? [] : [{ label: words.terms, url: termsUrl }]),
  ];
}

function renderText(content: EmailContent): string {
  const { panel, button, items, branch, words } = content;
  const legal = legalLinks(branch, words).map(({ label, url }) => `${words.mail.lead({ label })} ${url}`);
  const sections = [
    content.note,
    ...content.before.map(paragraphText),
    sumText(panel, words),
    button && buttonText(button, words),
    ...items.map((item) => `${sumText(item, words)}\n${buttonText(item.button, words)}`),
    ...content.after.map(paragraphText),
    // The signature mark, by which mail clients know where the message ends.
    `-- \n${[...content.footer, ...legal].join('\n')}`,
  ];
  return `${sections.filter((section) => section !== undefined && section !== '').join('\n\n')}\n`;
}

function sumText({ label, amount, details, quiet }: Sum, { mail }: Words): string {
  return [`${mail.lead({ label })} ${amount}`, ...details, quiet].filter((line) => line !== undefined).join('\n');
}

function buttonText({ label, url }: Button, { mail }: Words): string {
  return `${mail.lead({ label })}\n${url}`;
}

function paragraphText(paragraph: Paragraph): string {
  return paragraph.map(({ text, br, url }) => `${br ? '\n' : ''}${url ?? text}`).join('');
}
