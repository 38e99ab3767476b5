import type { z } from 'zod';
import type { BranchView } from '../../application/branch/branch-view.js';
import type { CardProcessingTest } from '../../application/branch/test-card-processing.js';
import type { BranchRow } from '../../projections/branches.js';
import type { branchBody, branchPage, branchRow, feePolicyBody } from './schemas/branches.js';
import type { cardProcessingTest, shownCardProcessing } from './schemas/card-processing.js';
import { toMoney } from './schemas/values.js';

export type BranchBody = z.infer<typeof branchBody>;
export type CardProcessingTestBody = z.infer<typeof cardProcessingTest>;
export type BranchPage = z.infer<typeof branchPage>;

/** A branch as it is answered. */
export function toBranch({
  branchId,
  details,
  cardProcessing,
  feePolicy,
  reminders,
  revision,
}: BranchView): BranchBody {
  return {
    ...detailsBody(branchId, details),
    address: [...(details.address ?? [])],
    replyTo: details.replyTo ?? null,
    telephone: details.telephone ?? null,
    otherWaysToPay: details.otherWaysToPay ?? null,
    colour: details.colour ?? null,
    logo: details.logo ?? null,
    emailFrom: details.emailFrom ?? null,
    smsSender: details.smsSender ?? null,
    privacyUrl: details.privacyUrl ?? null,
    termsUrl: details.termsUrl ?? null,
    cardProcessing: cardProcessing ? cardProcessingOf(cardProcessing) : null,
    feePolicy: feePolicy ? feePolicyOf(feePolicy, details.currency) : null,
    reminders: {
      ...reminders,
      beforeDays: [...reminders.beforeDays],
      afterDays: [...reminders.afterDays],
    },
    revision: String(revision),
  };
}

/** A branch in a list. */
export function toBranchRow({ branchId, details, cardProcessing, revision }: BranchRow): z.infer<typeof branchRow> {
  return {
    ...detailsBody(branchId, details),
    cardProcessing: cardProcessing === null ? null : { mode: cardProcessing },
    revision,
  };
}

/** What the processor answered about its account. */
export function toCardProcessingTest(test: CardProcessingTest): CardProcessingTestBody {
  const { outcome, live, accountId = null, accountName = null, code = null } = test;
  return {
    outcome,
    live,
    reachable: outcome !== 'unreachable',
    chargesEnabled: outcome === 'ready',
    account: accountId === null ? null : { id: accountId, name: accountName },
    code,
  };
}

function cardProcessingOf(processing: NonNullable<BranchView['cardProcessing']>): z.infer<typeof shownCardProcessing> {
  switch (processing.mode) {
    case 'platform':
      return { mode: processing.mode };
    case 'keys': {
      const { mode, publishableKey, secretEndsWith: endsWith, webhookEndpointId = null } = processing;
      return { mode, publishableKey, secretKey: { set: true, endsWith }, webhookEndpoint: webhookEndpointId };
    }
    case 'connect': {
      const { mode, accountId, webhookEndpointId = null } = processing;
      return { mode, account: accountId, webhookEndpoint: webhookEndpointId };
    }
  }
}

function detailsBody(id: string, details: BranchRow['details']) {
  const { name, timeZone, currency, locale, country, region = null } = details;
  return { id, name, timeZone, currency, locale, country, region };
}

function feePolicyOf(policy: NonNullable<BranchView['feePolicy']>, currency: string): z.infer<typeof feePolicyBody> {
  return {
    enabled: policy.enabled,
    rateBps: policy.rateBps,
    fixed: toMoney(policy.fixedMinor, currency),
    capBps: policy.capBps,
    costBps: policy.costBps ?? null,
    fundings: [...policy.fundings],
    label: policy.label,
    consentText: policy.consentText,
    disclosureText: policy.disclosureText,
    noticeGivenOn: policy.noticeGivenOn ?? null,
    effectiveFrom: policy.effectiveFrom ?? null,
    version: policy.version,
  };
}
