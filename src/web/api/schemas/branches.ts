import { z } from 'zod';
import { answer, request } from './registry.js';
import {
  countryCode,
  currencyCode,
  emailAddress,
  line,
  locale,
  minorUnits,
  money,
  paragraph,
  plainDate,
  timeZone,
} from './values.js';
import { shownCardProcessing } from './card-processing.js';
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

const smsSender = z.string().regex(/^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32})$/, {
  error: 'must be a number in E.164 form, like +12125550100, or the SID of a messaging service (MG…)',
});
const webAddress = z
  .url({ protocol: /^https$/, error: 'must be an address that begins with https://' })
  .max(500, { error: 'must have at most 500 characters' });

const required = { name: line(120), timeZone, currency: currencyCode, locale, country: countryCode };
const optional = {
  region,
  address,
  replyTo: emailAddress,
  telephone: line(40),
  otherWaysToPay: paragraph(500),
  colour,
  logo: logo.describe('Made anew as a PNG of at most 600 by 240 pixels: the answer has that one'),
  emailFrom: emailAddress.describe("Emails come from here; from the service's own address where absent"),
  smsSender: smsSender.describe("Texts come from here; from the service's own number where absent"),
  privacyUrl: webAddress,
  termsUrl: webAddress,
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
  emailFrom: emailAddress.nullish(),
  smsSender: smsSender.nullish(),
  privacyUrl: webAddress.nullish(),
  termsUrl: webAddress.nullish(),
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

const dayCounts = z.array(z.int({ error: 'must be a whole number of days' })).max(5);

export const reminders = request('Reminders', {
  enabled: z.boolean(),
  beforeDays: dayCounts.describe('Days before the due date; 0 is the due date itself'),
  afterDays: dayCounts.describe('Days after the due date'),
  at: z
    .string()
    .regex(/^\d\d:\d\d$/, { error: 'must be a time of the day like "09:00"' })
    .describe("Wall-clock time in the branch's zone, from 08:00 to 20:30"),
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
  emailFrom: z.string().nullable(),
  smsSender: z.string().nullable(),
  privacyUrl: z.string().nullable(),
  termsUrl: z.string().nullable(),
  cardProcessing: shownCardProcessing.nullable(),
  feePolicy: feePolicyBody.nullable(),
  reminders: z.object({
    enabled: z.boolean(),
    beforeDays: z.array(z.int()),
    afterDays: z.array(z.int()),
    at: z.string(),
  }),
  revision: z.string(),
});

export const branchRow = answer('BranchSummary', {
  ...shownDetails,
  cardProcessing: z.object({ mode: z.string() }).nullable(),
  revision: z.string(),
});

export const branchPage = answer('BranchPage', listOf(branchRow));
