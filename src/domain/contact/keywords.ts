/** What a text of one word asks for. The words are the carriers' own; a text with more than the word is a message to people. */

export type Keyword = 'opt_out' | 'opt_in' | 'help';

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'].map(
    (word) => [word, 'opt_out'] as const,
  ),
  ...['START', 'UNSTOP', 'YES'].map((word) => [word, 'opt_in'] as const),
  ...['HELP', 'INFO'].map((word) => [word, 'help'] as const),
]);

/** `undefined` for a text that is no keyword. Case, surrounding spaces and punctuation around the word do not count. */
export function keywordOf(text: string): Keyword | undefined {
  const word = text
    .normalize('NFKC')
    .replace(/^[\s\p{P}\p{Cf}]+|[\s\p{P}\p{Cf}]+$/gu, '')
    .toUpperCase()
    // People write "opt out" and "stop all" as two words.
    .replace(/^(OPT|STOP)[\s-]+(OUT|ALL)$/, '$1$2');
  return KEYWORDS.get(word);
}
