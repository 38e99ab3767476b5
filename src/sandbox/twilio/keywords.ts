/** What a text that came in asks of the provider itself: only a word alone counts, in whatever case. */
export type Keyword = 'stop' | 'start' | 'help';

const WORDS: ReadonlyMap<string, Keyword> = new Map([
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'].map(
    (word) => [word, 'stop'] as const,
  ),
  ...['START', 'UNSTOP', 'YES'].map((word) => [word, 'start'] as const),
  ...['HELP', 'INFO'].map((word) => [word, 'help'] as const),
]);

/** What the provider answers by itself, before the service has its say. */
export const STANDARD_REPLIES: Readonly<Record<Keyword, string>> = {
  stop: 'You are unsubscribed and get no more texts from this number. Reply START to get them again.',
  start: 'You get texts from this number again. Reply HELP for help, STOP to unsubscribe.',
  help: 'Reply STOP to unsubscribe. Message and data rates may apply.',
};

export function keywordOf(body: string): Keyword | undefined {
  return WORDS.get(body.trim().toUpperCase());
}
