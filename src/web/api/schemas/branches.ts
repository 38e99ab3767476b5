import { z } from 'zod';
import { answer, request } from './registry.js';
import {
  countryCode,
  currencyCode,
  emailAddress,
  id,
  language,
  line,
  locale,
  minorUnits,
  money,
  paragraph,
  plainDate,
  timeZone,
} from './values.js';
import { listOf } from './lists.js';

const MAX_LOGO_CHARACTERS = 400_000;

const region = z.string().regex(/^[A-Z0-9]{1,3}$/, { error: 'must be a region without its country, like NY' });
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, { error: 'must be a colour like #0a5c8f' });
const address = z.array(line(100)).min(1).max(6);
const logo = z
  .string()
  .max(MAX_LOGO_CHARACTERS, { error: `must have at most ${MAX_LOGO_CHARACTERS} characters` })
  .refine(isImage, { error: 'must be a PNG or JPEG as a data URL (data:image/png;base64,…)' });

function isImage(text: string): boolean {
  const [, type, encoded] = /^data:image\/(png|jpeg);base64,([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const start = Buffer.from(encoded?.slice(0, 16) ?? '', 'base64').toString('hex');
  return type !== undefined && start.startsWith(type === 'png' ? '89504e470d0a1a0a' : 'ffd8ff');
}

const required = { name: line(120), timeZone, currency: currencyCode, locale, country: countryCode };
const optional = {
  region,
  address,
  replyTo: emailAddress,
  telephone: line(40),
  otherWaysToPay: paragraph(500),
  colour,
  logo,
};

export const newBranch = request('NewBranch', { ...required, ...z.object(optional).partial().shape });

export const branchChanges = request('BranchChanges', {
  ...z.object(required).partial().shape,
  region: region.nullish(),
  address: address.nullish(),
  replyTo: emailAddress.nullish(),
  telephone: optional.telephone.nullish(),
  otherWaysToPay: optional.otherWaysToPay.nullish(),
  colour: colour.nullish(),
  logo: logo.nullish(),
});

export const cardProcessing = request('CardProcessing', {
  mode: z.literal('platform', { error: 'must be "platform": cards are charged on the service\'s own Stripe account' }),
});

const basisPoints = z.int({ error: 'must be a whole number of basis points, like 300 for 3 %' }).min(0).max(10_000);

export const feePolicyInput = request('FeePolicyInput', {
  enabled: z.boolean(),
  rateBps: basisPoints.optional().describe('Basis points of the amount paid; needed where the fee is enabled'),
  fixed: minorUnits.min(0, { error: 'must not be negative' }).default(0),
  capBps: basisPoints.default(300).describe('The most, in basis points of the amount paid'),
  costBps: basisPoints.optional().describe('What the cards cost the merchant'),
  fundings: z
    .array(z.enum(['credit', 'debit', 'prepaid', 'unknown']))
    .max(4)
    .default(['credit']),
  label: line(60).optional(),
  consentText: paragraph(500).optional().describe('Must contain {{fee}}'),
  disclosureText: paragraph(1000).optional(),
  noticeGivenOn: plainDate.optional(),
  effectiveFrom: plainDate.optional(),
}).refine((policy) => !policy.enabled || policy.rateBps !== undefined, {
  error: 'is required where the fee is enabled',
  path: ['rateBps'],
});

/** Wording is bounded by the templates' own rule, which says which part is too long. */
const wording = paragraph(20_000);
export const invoiceLinkMessage = request('InvoiceLinkMessage', {
  email: z.strictObject({ subject: line(500), body: wording }),
  sms: z.strictObject({ body: wording }),
});

export const messagePreview = request('MessagePreview', {
  invoiceId: id.optional(),
  email: z.strictObject({ subject: line(500), body: wording }).optional(),
  sms: z.strictObject({ body: wording }).optional(),
}).optional();

export const messageQuery = z.strictObject({
  language: language.optional().describe("The branch's own language where absent"),
});

export const feePolicyBody = answer('FeePolicy', {
  enabled: z.boolean(),
  rateBps: z.int(),
  fixed: money,
  capBps: z.int(),
  costBps: z.int().nullable(),
  fundings: z.array(z.string()),
  label: z.string(),
  consentText: z.string(),
  disclosureText: z.string(),
  noticeGivenOn: z.string().nullable(),
  effectiveFrom: z.string().nullable(),
  version: z.string().describe('Revision of the branch at which the policy was set'),
});

const shownDetails = {
  id: z.string(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  locale: z.string(),
  country: z.string(),
  region: z.string().nullable(),
};

export const branchBody = answer('Branch', {
  ...shownDetails,
  address: z.array(z.string()),
  replyTo: z.string().nullable(),
  telephone: z.string().nullable(),
  otherWaysToPay: z.string().nullable(),
  colour: z.string().nullable(),
  logo: z.string().nullable().describe('A data URL'),
  cardProcessing: z.object({ mode: z.string() }).nullable(),
  feePolicy: feePolicyBody.nullable(),
  revision: z.string(),
});

export const branchRow = answer('BranchSummary', {
  ...shownDetails,
  cardProcessing: z.object({ mode: z.string() }).nullable(),
  revision: z.string(),
});

export const branchPage = answer('BranchPage', listOf(branchRow));

export const invoiceLinkMessageBody = answer('InvoiceLinkMessageShown', {
  language: z.string(),
  customized: z.boolean().describe('False: the default wording'),
  email: z.object({ subject: z.string(), body: z.string() }),
  sms: z.object({ body: z.string() }),
  revision: z.string(),
});

export const renderedMessage = answer('RenderedMessage', {
  email: z.object({ subject: z.string(), html: z.string(), text: z.string() }),
  sms: z.object({ body: z.string(), segments: z.int() }),
});
