import { enMessages } from './en-messages.js';
import { enPages } from './en-pages.js';

/** English. Its shape is that of every other language. */
export const en = { ...enPages, ...enMessages } as const;
