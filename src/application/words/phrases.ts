/**
 * Sentences as ICU messages. A text without a placeholder is spoken as it stands; one with placeholders is a function of their
 * values, and the compiler reads the names off the English text.
 */
import { IntlMessageFormat } from 'intl-messageformat';

/** Texts by name, as deep as it helps. */
export interface Texts {
  readonly [name: string]: string | Texts;
}

/** What another language has to have: the same names, in words of its own. */
export type Translation<Source> = {
  readonly [Name in keyof Source]: Source[Name] extends string ? string : Translation<Source[Name]>;
};

/** The arms of a plural have a space or a number sign in them; names of values never do. */
type NameOf<Inside extends string> = Inside extends `${infer Name},${string}` ? Bare<Name> : Bare<Inside>;
type Bare<Name extends string> = Name extends `${string}${' ' | '#'}${string}` ? never : Name;
type NamesIn<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? NameOf<Inside> | NamesIn<Rest>
  : never;

type Values<Names extends string> = { readonly [Name in Names]: string | number };
type Phrase<Text extends string> = [NamesIn<Text>] extends [never] ? string : (values: Values<NamesIn<Text>>) => string;

/** A catalogue ready for use. */
export type Spoken<Source> = {
  readonly [Name in keyof Source]: Source[Name] extends string ? Phrase<Source[Name]> : Spoken<Source[Name]>;
};

/**
 * Makes a catalogue ready for use. Values are put in as they are: a brace in one of them means nothing.
 * @param language by whose rules plurals are chosen and numbers in them are written
 */
export function speak<Source extends Texts>(texts: Translation<Source>, language: string): Spoken<Source> {
  const spoken = Object.entries(texts as Texts).map(([name, text]) => [
    name,
    typeof text === 'string' ? phrase(text, language) : speak(text, language),
  ]);
  return Object.fromEntries(spoken) as Spoken<Source>;
}

function phrase(text: string, language: string): string | ((values: Values<string>) => string) {
  if (!text.includes('{')) return text;
  const message = new IntlMessageFormat(text, language, undefined, { ignoreTag: true });
  return (values) => String(message.format(values));
}
