/** Markup that is safe to put into a page as it is. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

export type Part = Markup | string | number | undefined | readonly Markup[];

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A template whose parts are escaped unless they are markup already. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const written = parts.map((part) => {
    if (part === undefined) return '';
    if (part instanceof Markup) return part.text;
    return typeof part === 'string' || typeof part === 'number' ? escapeHtml(String(part)) : part.join('');
  });
  return new Markup(strings.map((text, index) => text + (written[index] ?? '')).join(''));
}

/** Plain text with its web addresses made into links that open beside the inbox. */
export function linkify(text: string): Markup {
  const pieces = text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/);
  return new Markup(
    pieces
      .map((piece, index) =>
        index % 2 === 1
          ? markup`<a href="${piece}" target="_blank" rel="noopener">${piece}</a>`.text
          : markup`${piece}`.text,
      )
      .join(''),
  );
}
