/** Dates as customers read them: in their language, and judged in the branch's zone wherever an instant is meant. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** A plain date (`2026-12-20`) in words. It has no zone, so none may move it to another day. */
export function formatPlainDate(plainDate: string, locale: string): string {
  return kept(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${plainDate}T00:00:00Z`));
}

/** An RFC 3339 instant as date and time on the wall of the branch, with the name of its zone. */
export function formatInstant(instant: string, locale: string, timeZone: string): string {
  return kept(locale, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(new Date(instant));
}

/** Making a format costs a hundred times what using it does. Locales and zones of branches are few, so the map stays small. */
function kept(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}
