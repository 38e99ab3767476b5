import { describe, expect, it } from '@jest/globals';
import { wrapText } from '../../src/infrastructure/pdf/text-wrap.js';

/** Every character one wide, but for the wide ones. */
function ruler() {
  const measured: string[] = [];
  const widthOf = (text: string): number => {
    measured.push(text);
    return [...text].reduce((width, character) => width + (character === 'W' ? 3 : 1), 0);
  };
  return { measured, widthOf };
}

describe('wrapped text', () => {
  it('breaks at spaces, and inside of words that no line holds', () => {
    const { widthOf } = ruler();
    expect(wrapText('one two three', 7, widthOf)).toEqual(['one two', 'three']);
    expect(wrapText('on abcdefghij on', 4, widthOf)).toEqual(['on', 'abcd', 'efgh', 'ij', 'on']);
    expect(wrapText('aWWaaW', 4, widthOf)).toEqual(['aW', 'Wa', 'aW']);
    expect(wrapText('', 4, widthOf)).toEqual(['']);
  });

  it('puts a character on a line that is too narrow even for one, and keeps pairs of surrogates whole', () => {
    const { widthOf } = ruler();
    expect(wrapText('WW', 2, widthOf)).toEqual(['W', 'W']);
    expect(wrapText('💥💥💥', 2, widthOf)).toEqual(['💥💥', '💥']);
  });

  it('fills every line of any word as far as it goes', () => {
    const { widthOf } = ruler();
    for (let seed = 1; seed <= 200; seed += 1) {
      const word = Array.from({ length: seed }, (_, index) => ((index * seed) % 5 < 2 ? 'W' : 'a')).join('');
      const lines = wrapText(word, 11, widthOf);
      expect(lines.join('')).toBe(word);
      lines.forEach((line, index) => {
        const next = lines[index + 1];
        expect(widthOf(line)).toBeLessThanOrEqual(11);
        if (next !== undefined) expect(widthOf(line + next[0]!)).toBeGreaterThan(11);
      });
    }
  });

  it('measures a long word a few times a line, not at every character', () => {
    const { measured, widthOf } = ruler();
    const lines = wrapText('a'.repeat(500), 50, widthOf);
    expect(lines).toHaveLength(10);
    expect(measured.length).toBeLessThan(15 * lines.length);
  });
});
