import { z } from 'zod';
import { listOf, page } from './lists.js';
import { answer, request } from './registry.js';
import { id, line, locale, searchText, timeZone } from './values.js';

export const customerQuery = z.strictObject({
  q: searchText(200).optional().describe('In name, email, telephone or external id'),
  branchId: id.optional(),
  externalId: searchText(100).optional(),
  ...page,
});

/** `null` takes away what there is; what is left out stays. */
export const customerChanges = request('CustomerChanges', {
  name: line(200).optional(),
  email: searchText(254).nullish(),
  phone: searchText(40).nullish().describe('Any country; texts go to the allowed ones only'),
  address: z.array(line(100)).max(6).nullish(),
  locale: locale.nullish().describe('null: as the branch has it'),
  timeZone: timeZone.nullish().describe('When the customer sleeps; null: as the branch has it'),
  textConsent: z
    .boolean()
    .optional()
    .describe('true: the customer agreed to texts. false: they asked for none, which only they can undo'),
});

const rowFields = {
  id: z.string(),
  branchId: z.string(),
  externalId: z.string().nullable(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  locale: z.string().nullable(),
  timeZone: z.string().nullable(),
  revision: z.string(),
};

export const customerPage = answer('CustomerPage', listOf(answer('CustomerSummary', rowFields)));

export const customerBody = answer('Customer', {
  ...rowFields,
  address: z.array(z.string()),
  texts: z
    .object({
      canBeTexted: z.boolean().describe('False where texts do not go to the country of the telephone'),
      consent: z.object({ at: z.string(), how: z.enum(['staff', 'api', 'keyword']) }).nullable(),
      optedOut: z
        .object({
          at: z.string(),
          source: z.enum(['keyword', 'carrier', 'staff']),
          say: z.string().describe('What to ask of the customer, who alone can undo it'),
        })
        .nullable(),
    })
    .nullable()
    .describe('null without a telephone'),
  unreachable: z.array(
    z.object({ channel: z.enum(['email', 'sms']), at: z.string(), code: z.string(), reason: z.string() }),
  ),
});
