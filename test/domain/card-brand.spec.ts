import { describe, expect, it } from '@jest/globals';
import { cardBrandName } from '../../src/domain/card-brand.js';

describe('the name of a card brand', () => {
  it.each([
    ['visa', 'Visa'],
    ['amex', 'American Express'],
    ['eftpos_au', 'Eftpos'],
    ['cartes_bancaires', 'Cartes Bancaires'],
  ])('of %s is what its holder calls it', (brand, name) => {
    expect(cardBrandName(brand)).toBe(name);
  });

  it('is readable for one that is new, even where an object has a property of that name', () => {
    expect(cardBrandName('new_network')).toBe('New network');
    expect(cardBrandName('constructor')).toBe('Constructor');
  });

  it('is none where nobody knows the brand', () => {
    expect(cardBrandName('unknown')).toBeUndefined();
    expect(cardBrandName('')).toBeUndefined();
  });
});
