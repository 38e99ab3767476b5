/** The colour of a branch, made readable. Pure. */

export interface LightAndDark {
  readonly light: string;
  readonly dark: string;
}

type Rgb = readonly [number, number, number];

const ENOUGH = 4.5;
const STEPS = 50;

/**
 * The branch's colour in both modes, moved towards black or white by as little as it takes to stand out 4.5 : 1 from every
 * ground that it is put on; so the text on a button of this colour can be read as well.
 *
 * @param colour `#rrggbb`; anything else has no accent, so that nothing but a colour ever reaches a stylesheet
 * @param grounds the backgrounds of both modes
 */
export function accentFor(colour: string | undefined, grounds: readonly LightAndDark[]): LightAndDark | undefined {
  const rgb = parse(colour);
  if (!rgb) return undefined;
  return {
    light: hex(
      moved(
        rgb,
        [0, 0, 0],
        grounds.map((ground) => ground.light),
      ),
    ),
    dark: hex(
      moved(
        rgb,
        [255, 255, 255],
        grounds.map((ground) => ground.dark),
      ),
    ),
  };
}

/** The contrast of two colours, from 1 to 21 (WCAG 2.2, 1.4.3). */
export function contrast(one: string, other: string): number {
  const first = luminance(parse(one) ?? [0, 0, 0]);
  const second = luminance(parse(other) ?? [0, 0, 0]);
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

function moved(from: Rgb, towards: Rgb, grounds: readonly string[]): Rgb {
  for (let step = 0; step < STEPS; step += 1) {
    const mixed = mix(from, towards, step / STEPS);
    if (grounds.every((ground) => contrast(hex(mixed), ground) >= ENOUGH)) return mixed;
  }
  return towards;
}

function mix(from: Rgb, towards: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(from[index] + (towards[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}

function parse(colour: string | undefined): Rgb | undefined {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour ?? '');
  if (!match) return undefined;
  const part = (index: number) => Number.parseInt(match[index]!, 16);
  return [part(1), part(2), part(3)];
}

function hex(rgb: Rgb): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(rgb: Rgb): number {
  const linear = (part: number) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
}
