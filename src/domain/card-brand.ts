/** Networks by the names that processors give them, and as their holders know them. Names are the same in every language. */
const NAMES: Readonly<Record<string, string>> = {
  amex: 'American Express',
  cartes_bancaires: 'Cartes Bancaires',
  diners: 'Diners Club',
  discover: 'Discover',
  eftpos_au: 'Eftpos',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

/** A brand as it begins a sentence; one that is new to us as the processor names it, and `undefined` where nobody knows it. */
export function cardBrandName(brand: string): string | undefined {
  if (brand === '' || brand === 'unknown') return undefined;
  const name = Object.hasOwn(NAMES, brand) ? NAMES[brand]! : brand.replaceAll('_', ' ');
  return name.charAt(0).toUpperCase() + name.slice(1);
}
