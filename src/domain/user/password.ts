/** Which passwords are taken. Length and being nobody's first guess count; rules about kinds of characters do not. */
import { DomainError } from '../errors.js';

const SHORTEST_PASSWORD = 12;
/** Longer ones would only let somebody make the hashing slow. */
const LONGEST_PASSWORD = 256;

/** What the lists of stolen passwords are made of, besides digits around and between. */
const FIRST_GUESSES =
  'password passwort motdepasse contrasena passw0rd p@ssw0rd pa55word qwerty qwertyuiop qwertz azerty asdfgh asdfghjkl ' +
  'zxcvbn zxcvbnm qazwsx qazwsxedc letmein welcome iloveyou admin administrator login master secret changeme default dragon ' +
  'monkey sunshine princess football baseball superman batman trustno starwars whatever freedom shadow michael abcdef ' +
  'abcdefgh abcdefghijkl invoice invoices paylink ledger company office';
const WORDS = FIRST_GUESSES.split(' ').sort((one, other) => other.length - one.length);
const KEY_ROWS = ['01234567890', '09876543210', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
/** What is left of a password without first guesses and rows of keys must be worth something of its own. */
const LEAST_OF_ITS_OWN = 5;

/** The one form in which a password is hashed and compared, however a keyboard composes its letters. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/** @throws DomainError `password_refused` with `field` and how to mend it; the password is not repeated */
export function assertPassword(password: string, email: string): void {
  const characters = [...normalisePassword(password)].length;
  if (characters < SHORTEST_PASSWORD) refuse(`must have ${SHORTEST_PASSWORD} characters or more`);
  if (characters > LONGEST_PASSWORD) refuse(`must have ${LONGEST_PASSWORD} characters or fewer`);
  const plain = normalisePassword(password).toLowerCase();
  const mailbox = email.toLowerCase().split('@')[0]!;
  const holdsAddress =
    plain.includes(email.toLowerCase()) || (mailbox.length > 4 && worth(plain, [mailbox]) < LEAST_OF_ITS_OWN);
  if (holdsAddress) refuse('must not be made of your email address');
  if (worth(plain, WORDS) < LEAST_OF_ITS_OWN) {
    refuse('is one of those that are guessed first: a few words that have nothing to do with each other are better');
  }
}

/** How many different characters are left once these words, digits, repetitions and rows of keys are taken away. */
function worth(password: string, words: readonly string[]): number {
  const withoutWords = words.reduce((text, word) => text.replaceAll(word, ' '), password);
  const withoutRows = withoutWords.replaceAll(/[\p{L}\p{N}]{3,}/gu, (run) => (isRow(run) ? ' ' : run));
  return new Set(withoutRows.replaceAll(/[\p{N}\p{P}\p{S}\s]/gu, '')).size;
}

function isRow(run: string): boolean {
  return KEY_ROWS.some((row) => row.includes(run));
}

function refuse(reason: string): never {
  throw new DomainError('password_refused', { field: 'password', reason });
}
