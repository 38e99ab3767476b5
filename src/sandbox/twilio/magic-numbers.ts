/** What a text to one of the numbers that are kept for trying things out meets. */
export type Magic =
  /** Refused at once with this code. */
  | { readonly kind: 'refused'; readonly code: number }
  /** Taken, and reported with this code later. */
  | { readonly kind: 'lost'; readonly code: number }
  /** The first try of each text meets an error within the provider, and nothing is kept. */
  | { readonly kind: 'error' }
  /** Each text is taken, and the answer to its first try never comes. */
  | { readonly kind: 'lost_answer' };

/**
 * Those that are refused have the meaning that Twilio itself gives them. The others are the stand-in's own: the last digits
 * are those of the code.
 */
const MAGIC: Readonly<Record<string, Magic>> = {
  '+15005550001': { kind: 'refused', code: 21_211 },
  '+15005550002': { kind: 'refused', code: 21_612 },
  '+15005550003': { kind: 'refused', code: 21_408 },
  '+15005550004': { kind: 'refused', code: 21_610 },
  '+15005550009': { kind: 'refused', code: 21_614 },
  '+15005550500': { kind: 'error' },
  '+15005550504': { kind: 'lost_answer' },
  '+15005553001': { kind: 'lost', code: 30_001 },
  '+15005553003': { kind: 'lost', code: 30_003 },
  '+15005553005': { kind: 'lost', code: 30_005 },
  '+15005553006': { kind: 'lost', code: 30_006 },
  '+15005553008': { kind: 'lost', code: 30_008 },
};

export function magicOf(number: string): Magic | undefined {
  return MAGIC[number];
}

/** The account's ten further numbers, for branches that write from one of their own. */
export function isFurtherNumber(number: string): boolean {
  return /^\+1500555001\d$/.test(number);
}
