import { describe, expect, it } from '@jest/globals';
import { look, parseTokens } from '../../src/infrastructure/look/tokens.js';

describe('the look that emails and PDFs share with the pages', () => {
  it('has the scales of the design', () => {
    expect(look.space).toEqual([4, 8, 12, 16, 24, 32, 48, 64]);
    expect(look.text).toEqual([13, 15, 17, 20, 26, 34]);
    expect(look.width.email).toBe(560);
  });

  it('has text colours that can be read on both backgrounds, in both modes', () => {
    for (const palette of [look.light, look.dark]) {
      for (const name of ['ink', 'muted', 'accent', 'good', 'warn', 'bad'] as const) {
        for (const ground of ['surface', 'raised'] as const) {
          expect(contrast(palette[name], palette[ground])).toBeGreaterThanOrEqual(4.5);
        }
      }
      expect(contrast(palette['on-accent'], palette.accent)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('says which token is missing', () => {
    expect(() => parseTokens(':root { --ink: light-dark(#000000, #ffffff); }')).toThrow('--muted');
  });
});

function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
