const NAMES: Readonly<Record<string, string>> = {
  amex: 'American Express',
  cartes_bancaires: 'Cartes Bancaires',
  diners: 'Diners Club',
  discover: 'Discover',
  eftpos_au: 'eftpos',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

/** A card as its holder knows it: `Visa ending in 4242`. A brand that is new to us is shown as the processor names it. */
export function cardName(card: { readonly brand: string; readonly last4: string }): string {
  const known = Object.hasOwn(NAMES, card.brand) ? NAMES[card.brand] : undefined;
  const brand = known ?? (card.brand === '' || card.brand === 'unknown' ? 'Card' : card.brand.replaceAll('_', ' '));
  return `${brand[0]!.toUpperCase()}${brand.slice(1)} ending in ${card.last4}`;
}
