/** What a text costs: carriers bill by segment, and one character outside GSM 03.38 more than halves what a segment holds. */

const GSM_BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Sent as an escape and a character: two places. */
const GSM_EXTENSION = new Set('\f^{}\\[~]|€');

/** Typography that has a plain form, so that an apostrophe does not double the price. Letters are never changed. */
const PLAIN: Readonly<Record<string, string>> = {
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2009': ' ',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2212': '-',
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u2026': '...',
  // The fullwidth yen sign of the Japanese locale; the ordinary one is in GSM 03.38.
  '\uffe5': '\u00a5',
};

/** The text with typographic spaces, dashes and quotation marks in their plain forms. */
export function plainTypography(text: string): string {
  return text.replaceAll(
    /[\u00a0\u202f\u2009\u2010-\u2014\u2212\u2018-\u201a\u201c-\u201e\u2026\uffe5]/g,
    (character) => PLAIN[character] ?? character,
  );
}

/**
 * How many segments a text takes: 160 places of GSM 03.38, or 153 in each of several; 70 UTF-16 units of UCS-2, or 67.
 * A character of two places is never parted between segments. An empty text counts as one.
 */
export function smsSegments(text: string): number {
  const characters = [...text];
  const isGsm = characters.every((character) => GSM_BASIC.has(character) || GSM_EXTENSION.has(character));
  const places = characters.map((character) => (isGsm ? (GSM_EXTENSION.has(character) ? 2 : 1) : character.length));
  const [single, several] = isGsm ? [160, 153] : [70, 67];
  const total = places.reduce((sum, count) => sum + count, 0);
  if (total <= single) {
    return 1;
  }
  let segments = 1;
  let used = 0;
  for (const count of places) {
    if (used + count > several) {
      segments += 1;
      used = 0;
    }
    used += count;
  }
  return segments;
}
