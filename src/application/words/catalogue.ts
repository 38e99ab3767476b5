import type { en } from './en.js';
import type { Translation } from './phrases.js';

/** What a language has to say: everything that English says. */
export type Catalogue = Translation<typeof en>;
