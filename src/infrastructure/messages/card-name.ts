import type { Words } from '../../application/words/words.js';
import { cardBrandName } from '../../domain/card-brand.js';

/** A card as its holder knows it: `Visa ending in 4242`. */
export function cardName({ brand, last4 }: { readonly brand: string; readonly last4: string }, words: Words): string {
  const name = cardBrandName(brand);
  return name === undefined ? words.mail.cardOfNoBrand({ last4 }) : words.mail.card({ brand: name, last4 });
}
