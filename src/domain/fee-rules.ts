/**
 * The rules of card brands and places on processing fees: data, each with the day it holds from and where it was read. Not legal
 * advice. Where sources disagree the careful one stands here.
 */

/** Where a branch is or a bill goes, as far as rules care. */
export interface Place {
  readonly country: string;
  /** A state or region code, without the country. */
  readonly region?: string;
}

export interface PlaceRule {
  readonly id: string;
  /** As people call the place. */
  readonly name: string;
  readonly allowed: boolean;
  /** The most in basis points, where the place names a figure. */
  readonly capBps?: number;
  /** The merchant's own cost is a cap too. */
  readonly costIsCap: boolean;
  readonly since: string;
  readonly source: string;
}

export interface BrandRule {
  readonly id: string;
  readonly capBps: number;
  readonly since: string;
  readonly source: string;
}

const US_STATES: Readonly<Record<string, PlaceRule>> = {
  CT: forbidden('us_ct', 'Connecticut', 'Visa list of states that forbid surcharges; Square help 8580'),
  MA: forbidden('us_ma', 'Massachusetts', 'Visa list of states that forbid surcharges; Square help 8580'),
  PR: forbidden('us_pr', 'Puerto Rico', 'Visa list of states that forbid surcharges; Square help 8580'),
  ME: forbidden('us_me', 'Maine', 'Sources disagree; treated as forbidden'),
  CO: {
    id: 'us_co',
    name: 'Colorado',
    allowed: true,
    capBps: 200,
    costIsCap: true,
    since: '2022-07-01',
    source: 'Colorado: 2 % or the actual cost, as quoted by processors',
  },
  OK: {
    id: 'us_ok',
    name: 'Oklahoma',
    allowed: true,
    capBps: 200,
    costIsCap: true,
    since: '2025-11-01',
    source: 'Oklahoma: 2 % or the cost, as quoted by processors',
  },
  NY: {
    id: 'us_ny',
    name: 'New York',
    allowed: true,
    costIsCap: true,
    since: '2024-02-11',
    source: 'New York: no more than the cost, total shown in dollars',
  },
};

const US_DEFAULT: PlaceRule = {
  id: 'us',
  name: 'the United States',
  allowed: true,
  costIsCap: true,
  since: '2023-04-15',
  source: 'Visa merchant surcharge Q&A: no state rule of its own',
};

/** First digits of ZIP codes of the states that have a rule of their own. Source: USPS three-digit prefixes. */
const ZIP_RANGES: readonly { state: string; from: number; to: number }[] = [
  { state: 'PR', from: 6, to: 7 },
  { state: 'PR', from: 9, to: 9 },
  { state: 'MA', from: 10, to: 27 },
  { state: 'MA', from: 55, to: 55 },
  { state: 'ME', from: 39, to: 49 },
  { state: 'NY', from: 5, to: 5 },
  // Of these only 06390 (Fishers Island) is in New York; it is treated as the stricter neighbour that it shares the prefix with.
  { state: 'CT', from: 60, to: 69 },
  { state: 'NY', from: 100, to: 149 },
  { state: 'OK', from: 730, to: 732 },
  { state: 'OK', from: 734, to: 749 },
  { state: 'CO', from: 800, to: 816 },
];

const BRANDS: Readonly<Record<string, BrandRule>> = {
  visa: {
    id: 'visa',
    capBps: 300,
    since: '2023-04-15',
    source: 'Visa merchant surcharge Q&A: the lower of cost and 3 %',
  },
  // With Visa accepted too, the lower of both caps is in effect for everyone.
  mastercard: {
    id: 'mastercard',
    capBps: 300,
    since: '2023-04-15',
    source: 'Moov docs, surcharges: 4 %, with Visa accepted 3 %',
  },
  amex: { id: 'amex', capBps: 300, since: '2023-04-15', source: 'Parity with the other brands accepted' },
  discover: { id: 'discover', capBps: 300, since: '2023-04-15', source: 'Parity with the other brands accepted' },
};

/** EU, EEA and United Kingdom: a fee on a consumer's card is unlawful, and a card does not say whose it is. */
export const CONSUMER_SURCHARGE_BAN: ReadonlySet<string> = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB'.split(' '),
);

export const PLACES_WITH_RULES = 'US';

function forbidden(id: string, name: string, source: string): PlaceRule {
  return { id, name, allowed: false, costIsCap: false, since: '2023-04-15', source };
}

/** The rule of a place, or `undefined` for a country without one (no fee there). */
export function placeRule(place: Place): PlaceRule | undefined {
  if (place.country === 'PR') return US_STATES['PR'];
  if (place.country !== 'US') return undefined;
  return (place.region === undefined ? undefined : US_STATES[place.region.toUpperCase()]) ?? US_DEFAULT;
}

export function brandRules(brand: string): BrandRule | undefined {
  return BRANDS[brand];
}

/** The US state of a ZIP code where it is one with a rule of its own, else `undefined` (the country's rule then holds). */
export function stateOfZip(zip: string): string | undefined {
  const prefix = /^(\d{3})\d{2}/.exec(zip.trim())?.[1];
  if (prefix === undefined) return undefined;
  const number = Number(prefix);
  return ZIP_RANGES.find((range) => number >= range.from && number <= range.to)?.state;
}
