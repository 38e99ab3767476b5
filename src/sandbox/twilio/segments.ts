/** The GSM 03.38 alphabet; a character of the second row takes two places. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
  'abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '\f^{}\\[~]|€';

/** In how many parts a text travels: 160 places alone and 153 in company, or 70 and 67 outside the GSM alphabet. */
export function countSegments(body: string): number {
  let places = 0;
  for (const character of body) {
    if (BASIC.includes(character)) places += 1;
    else if (EXTENDED.includes(character)) places += 2;
    else return body.length <= 70 ? 1 : Math.ceil(body.length / 67);
  }
  return places <= 160 ? 1 : Math.ceil(places / 153);
}
