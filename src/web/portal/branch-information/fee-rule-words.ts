/** The rules on fees in sentences, each with where it was read. */
import { brandRules, CONSUMER_SURCHARGE_BAN, placeRule, type Place } from '../../../domain/fee-rules.js';

export const BRANDS: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
};

/** What holds where a branch is, whatever it sets. */
export function rulesHere(
  place: Place,
): readonly { readonly words: string; readonly source: string; readonly tone: string }[] {
  return [
    placeWords(place),
    {
      tone: 'calm',
      words: 'Only credit cards bear a fee, never debit or prepaid ones, and never more than 3% or your cost.',
      source: 'Visa merchant surcharge Q&A; Mastercard in effect the same where Visa is accepted too',
    },
    {
      tone: 'calm',
      words:
        "Cards from the EU, the EEA and the United Kingdom bear none, and the stricter of your place and the customer's decides.",
      source: 'Law of those countries; the careful side',
    },
    { tone: 'calm', words: 'A refund gives the fee back, in part for a part.', source: 'Visa surcharging rules' },
  ];
}

function placeWords(place: Place): { words: string; source: string; tone: string } {
  if (CONSUMER_SURCHARGE_BAN.has(place.country)) {
    return {
      tone: 'bad',
      words: `A fee is not allowed in ${place.country}: the law of the EU, the EEA and the United Kingdom bans it on consumers' cards.`,
      source: 'Rule consumer_ban',
    };
  }
  const rule = placeRule(place);
  if (!rule) {
    return {
      tone: 'bad',
      words: `No rule is known for ${place.country}, and where none is known no fee is charged.`,
      source: 'Rule no_rule_for_place; the careful side',
    };
  }
  const source = `${rule.source} (rule ${rule.id}, since ${rule.since})`;
  if (!rule.allowed) return { tone: 'bad', words: `A fee is not allowed in ${rule.name}.`, source };
  const cap = rule.capBps === undefined ? '' : ` at most ${rule.capBps / 100}% and`;
  return { tone: 'good', words: `In ${rule.name} a fee is allowed:${cap} no more than your cost.`, source };
}

/** Why a fee is less than what was asked for. */
export function capWords(rule: string, capBps: number, feeMinor: number, place: Place): string {
  const here = placeRule(place);
  const most = `${capBps / 100}%`;
  if (rule === 'policy_disabled') return 'The fee is switched off: nobody is charged one.';
  if (rule === 'policy_cap') return `Capped at ${most}, the most that is set here.`;
  if (rule === 'cost' || rule === `${here?.id}_cost`) return `Capped at ${most}, what cards cost you.`;
  if (here && rule === here.id) {
    return feeMinor === 0 && !here.allowed
      ? `No fee: it is not allowed in ${here.name} (${here.source}).`
      : `Capped at ${most} in ${here.name} (${here.source}).`;
  }
  const brand = brandRules(rule);
  if (brand) return `Capped at ${most} by ${BRANDS[rule] ?? rule} (${brand.source}).`;
  return `No fee (rule ${rule}).`;
}
