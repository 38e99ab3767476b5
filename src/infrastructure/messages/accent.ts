const READABLE = 4.5;

/**
 * The branch's colour, darkened until white text on it has the contrast of 4.5 to 1 that WCAG 2.2 AA asks for; the fallback
 * where it is no colour.
 */
export function readableAccent(colour: string | undefined, fallback: string): string {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour ?? '');
  if (!match) {
    return fallback;
  }
  const channels = match.slice(1).map((channel) => parseInt(channel, 16));
  for (let percent = 100; percent > 0; percent -= 2) {
    const darker = channels.map((channel) => Math.round((channel * percent) / 100));
    if (1.05 / (luminance(darker) + 0.05) >= READABLE) {
      return `#${darker.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
    }
  }
  return '#000000';
}

/** Relative luminance as WCAG defines it. */
function luminance(channels: readonly number[]): number {
  const [red, green, blue] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
