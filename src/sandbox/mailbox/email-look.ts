/** How an email is looked at, whatever the machine is set to. */
export type Look = 'light' | 'dark';

export function lookOf(text: string | null): Look | undefined {
  return text === 'light' || text === 'dark' ? text : undefined;
}

/**
 * The email's markup as a machine of that look shows it: a frame cannot be told another look than its machine's, so the
 * questions that the styles ask are answered in the markup.
 */
export function seenIn(look: Look, html: string): string {
  const answered = html.replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_whole, asked: string) =>
    asked.toLowerCase() === look ? '(min-width: 0px)' : '(max-width: 0px)',
  );
  return answered.replace(/<\/head>|$/i, (end) => `<style>:root { color-scheme: ${look} }</style>${end}`);
}
