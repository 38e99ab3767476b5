import { cardBrandName } from '../../domain/card-brand.js';

/** A card as its holder knows it: `Visa ending in 4242`. */
export function cardName(card: { readonly brand: string; readonly last4: string }): string {
  return `${cardBrandName(card.brand) ?? 'Card'} ending in ${card.last4}`;
}
