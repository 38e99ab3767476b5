const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The texts that an answer to an incoming one asks to have sent back: `<Response><Message>…</Message></Response>`, with the
 * words in the message or in a `<Body>` within it. An answer that is no such document asks for nothing.
 */
export function messagesOf(twiml: string): string[] {
  const [, response] = /<Response\b[^>]*>([\s\S]*)<\/Response>/.exec(twiml) ?? [];
  if (response === undefined) return [];
  return [...response.matchAll(/<Message\b[^>]*>([\s\S]*?)<\/Message>/g)]
    .map(([, inner = '']) => /<Body\b[^>]*>([\s\S]*?)<\/Body>/.exec(inner)?.[1] ?? inner)
    .map((text) => decode(text).trim())
    .filter((text) => text !== '');
}

function decode(text: string): string {
  return text
    .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_whole, plain: string) => plain.replaceAll('&', '&amp;'))
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (_whole, decimal, hex, name) => {
      if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? '';
      const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
    });
}
