/**
 * The values of `src/web/assets/tokens.css` for what is not a page: emails and PDFs. The stylesheet is the one source; it is
 * read once, when this module is loaded, and a value that is missing there stops the start.
 */
import { readFileSync } from 'node:fs';

const COLOURS = ['ink', 'muted', 'line', 'surface', 'raised', 'accent', 'on-accent', 'good', 'warn', 'bad'] as const;

export type ColourName = (typeof COLOURS)[number];
/** `#rrggbb` for every colour that there is. */
export type Palette = Readonly<Record<ColourName, string>>;

/** The look in values that a PDF or an email can use. Lengths are CSS pixels. */
export interface LookTokens {
  readonly light: Palette;
  readonly dark: Palette;
  /** 4 8 12 16 24 32 48 64, smallest first. */
  readonly space: readonly number[];
  /** 13 15 17 20 26 34, smallest first. */
  readonly text: readonly number[];
  readonly radius: { readonly small: number; readonly large: number };
  readonly width: { readonly document: number; readonly form: number; readonly email: number };
  /** A font stack, for emails. */
  readonly font: string;
}

/**
 * Reads the tokens out of the stylesheet's text.
 * @throws Error naming the token that is missing or not written as `light-dark(#rrggbb, #rrggbb)` or `<n>px`
 */
export function parseTokens(css: string): LookTokens {
  const declarations = new Map([...css.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1]!, match[2]!]));
  const value = (name: string): string => {
    const found = declarations.get(name);
    if (found === undefined) throw new Error(`tokens.css has no --${name}`);
    return found.trim();
  };
  const pixels = (name: string): number => {
    const found = /^(\d+)px$/.exec(value(name));
    if (!found) throw new Error(`--${name} in tokens.css must be a whole number of px`);
    return Number(found[1]);
  };
  const colours = COLOURS.map((name) => {
    const found = /^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$/.exec(value(name));
    if (!found) throw new Error(`--${name} in tokens.css must be light-dark(#rrggbb, #rrggbb)`);
    return { name, light: found[1]!, dark: found[2]! };
  });
  const scale = (name: string, steps: number) =>
    Array.from({ length: steps }, (_, step) => pixels(`${name}-${step + 1}`));
  return {
    light: Object.fromEntries(colours.map(({ name, light }) => [name, light])) as Palette,
    dark: Object.fromEntries(colours.map(({ name, dark }) => [name, dark])) as Palette,
    space: scale('space', 8),
    text: scale('text', 6),
    radius: { small: pixels('radius-small'), large: pixels('radius-large') },
    width: { document: pixels('width-document'), form: pixels('width-form'), email: pixels('width-email') },
    font: value('font'),
  };
}

/** The look of this build. */
export const look: LookTokens = parseTokens(
  readFileSync(new URL('../../web/assets/tokens.css', import.meta.url), 'utf8'),
);
