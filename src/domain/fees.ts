/**
 * Processing fees: what may be charged on top of an invoice for paying it by a certain card. Pure. The rules of brands and
 * places are data in `fee-rules.ts`, each with its date and source.
 */
import { DomainError } from './errors.js';
import { brandRules, placeRule, CONSUMER_SURCHARGE_BAN, PLACES_WITH_RULES, type Place } from './fee-rules.js';
import { roundHalfUp } from './money.js';
import { daysBetween, isCalendarDate } from './zoned-time.js';

export type Funding = 'credit' | 'debit' | 'prepaid' | 'unknown';

/** A branch's policy, versioned: the version is the revision of the event that set it. */
export interface FeePolicy {
  readonly enabled: boolean;
  /** Basis points of the amount paid. */
  readonly rateBps: number;
  /** Added to the rate, in minor units. */
  readonly fixedMinor: number;
  /** The most, in basis points of the amount paid. */
  readonly capBps: number;
  /** What the cards cost the merchant, in basis points. Absent only on test keys. */
  readonly costBps?: number;
  /** Card fundings that bear the fee. Debit and prepaid never do, whatever stands here. */
  readonly fundings: readonly Funding[];
  readonly label: string;
  readonly consentText: string;
  readonly disclosureText: string;
  /** When acquirer and Mastercard were told (live keys). */
  readonly noticeGivenOn?: string;
  /** First day on which a fee is charged, in the branch's zone. */
  readonly effectiveFrom?: string;
}

export const DEFAULT_FEE_LABEL = 'Processing fee';
export const DEFAULT_CONSENT_TEXT = 'I agree to the processing fee of {{fee}}';
export const DEFAULT_DISCLOSURE_TEXT =
  'Paying by credit card adds a processing fee of up to {{maxFee}}. It is not more than what accepting the card costs us. Debit and prepaid cards bear no fee.';

export interface FeeCard {
  readonly brand: string;
  readonly funding: Funding;
  readonly country: string | undefined;
  /** Where the bill goes, when the customer said. */
  readonly billing: Place | undefined;
}

export interface FeeDecision {
  readonly feeMinor: number;
  /** The rate after every cap, for showing; 0 where there is no fee. */
  readonly capBps: number;
  /** Ids of the rules that took the fee away or capped it. */
  readonly rules: readonly string[];
}

const NO_FEE = (rule: string): FeeDecision => ({ feeMinor: 0, capBps: 0, rules: [rule] });

/**
 * The fee on one payment.
 *
 * fee = min(round_half_up(amount × rate + fixed), floor(amount × cap)); the cap is applied last and never exceeded.
 * `today` is the date in the branch's zone.
 */
export function decideFee(
  amountMinor: number,
  policy: FeePolicy | undefined,
  branchPlace: Place,
  card: FeeCard,
  today: string,
): FeeDecision {
  if (!policy?.enabled) return NO_FEE('policy_disabled');
  if (policy.effectiveFrom !== undefined && today < policy.effectiveFrom) return NO_FEE('not_yet_effective');
  if (card.funding !== 'credit' || !policy.fundings.includes('credit')) return NO_FEE('credit_only');
  const places = card.billing
    ? [branchPlace, card.billing]
    : card.country === undefined
      ? undefined
      : [branchPlace, { country: card.country }];
  if (!places) return NO_FEE('card_country_unknown');
  if (card.country !== undefined && CONSUMER_SURCHARGE_BAN.has(card.country)) return NO_FEE('consumer_ban');
  const caps: { rule: string; bps: number }[] = [{ rule: 'policy_cap', bps: policy.capBps }];
  for (const place of places) {
    const rule = CONSUMER_SURCHARGE_BAN.has(place.country) ? undefined : placeRule(place);
    if (!rule) return NO_FEE(CONSUMER_SURCHARGE_BAN.has(place.country) ? 'consumer_ban' : 'no_rule_for_place');
    if (!rule.allowed) return NO_FEE(rule.id);
    if (rule.capBps !== undefined) caps.push({ rule: rule.id, bps: rule.capBps });
    if (rule.costIsCap && policy.costBps !== undefined) caps.push({ rule: `${rule.id}_cost`, bps: policy.costBps });
  }
  const brand = brandRules(card.brand);
  if (!brand) return NO_FEE('no_rule_for_brand');
  caps.push({ rule: brand.id, bps: brand.capBps });
  if (policy.costBps !== undefined) caps.push({ rule: 'cost', bps: policy.costBps });
  const capBps = Math.min(...caps.map((cap) => cap.bps));
  const asked = roundHalfUp(BigInt(amountMinor) * BigInt(policy.rateBps), 10_000n) + BigInt(policy.fixedMinor);
  const most = (BigInt(amountMinor) * BigInt(capBps)) / 10_000n;
  const fee = asked < most ? asked : most;
  const capped = asked > most;
  return {
    feeMinor: Number(fee),
    capBps,
    rules: capped ? caps.filter((cap) => cap.bps === capBps).map((cap) => cap.rule) : [],
  };
}

/** The most that any card could bear here: what the page announces before a card is known. */
export function highestFee(
  amountMinor: number,
  policy: FeePolicy | undefined,
  branchPlace: Place,
  today: string,
): FeeDecision {
  const candidates = ['visa', 'mastercard', 'amex', 'discover'].map((brand) =>
    decideFee(
      amountMinor,
      policy,
      branchPlace,
      { brand, funding: 'credit', country: branchPlace.country, billing: branchPlace },
      today,
    ),
  );
  return candidates.reduce((most, next) => (next.feeMinor > most.feeMinor ? next : most));
}

/**
 * Refuses a policy that could never be right where the branch is. Sources: `fee-rules.ts`.
 * @throws DomainError `fee_not_allowed` naming the rule, or `fee_policy_invalid` naming the field.
 */
export function checkFeePolicy(policy: FeePolicy, place: Place, live: boolean): void {
  const invalid = (field: string, reason: string): never => {
    throw new DomainError('fee_policy_invalid', { field, reason });
  };
  for (const field of ['rateBps', 'fixedMinor', 'capBps', 'costBps'] as const) {
    const value = policy[field] ?? 0;
    if (!Number.isSafeInteger(value) || value < 0) invalid(field, 'must be a whole number of 0 or more');
    if (field !== 'fixedMinor' && value > 10_000) invalid(field, 'must be at most 10000 (100 %)');
  }
  if (policy.fundings.some((funding) => funding !== 'credit')) {
    invalid('fundings', 'only credit cards may bear a fee (Visa merchant surcharge rules, 2023-04-15)');
  }
  if (!/\{\{fee\}\}/.test(policy.consentText)) invalid('consentText', 'must contain {{fee}}');
  if (!policy.enabled) return;
  if (CONSUMER_SURCHARGE_BAN.has(place.country)) {
    throw new DomainError('fee_not_allowed', {
      rule: 'consumer_ban',
      place: place.country,
      reason:
        "The law of the EU, the EEA and the United Kingdom allows no fee on consumers' cards (rule consumer_ban).",
    });
  }
  const rule = placeRule(place);
  if (!rule) {
    throw new DomainError('fee_not_allowed', {
      rule: 'no_rule_for_place',
      place: place.country,
      known: PLACES_WITH_RULES,
      reason: `Fees are charged only where the rules are known (rule no_rule_for_place), and for ${place.country} they are not.`,
    });
  }
  if (!rule.allowed) {
    throw new DomainError('fee_not_allowed', {
      rule: rule.id,
      place: `${place.country}-${place.region ?? ''}`,
      source: rule.source,
      reason: `A fee is not allowed in ${rule.name} (rule ${rule.id}. ${rule.source}).`,
    });
  }
  if (live && policy.costBps === undefined) invalid('costBps', 'is required before a live branch enables a fee');
  if (live) checkNotice(policy, invalid);
}

function checkNotice(policy: FeePolicy, invalid: (field: string, reason: string) => never): void {
  const { noticeGivenOn, effectiveFrom } = policy;
  if (noticeGivenOn === undefined || !isCalendarDate(noticeGivenOn)) {
    return invalid('noticeGivenOn', 'is required: acquirer and Mastercard are told 30 days before the first fee');
  }
  if (effectiveFrom === undefined || !isCalendarDate(effectiveFrom)) return invalid('effectiveFrom', 'is required');
  if (daysBetween(noticeGivenOn, effectiveFrom) < 30) {
    invalid('effectiveFrom', 'must be at least 30 days after noticeGivenOn');
  }
}
