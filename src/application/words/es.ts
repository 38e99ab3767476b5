import { esMessages } from './es-messages.js';
import { esPages } from './es-pages.js';
import type { Catalogue } from './catalogue.js';

/** Spanish. */
export const es: Catalogue = { ...esPages, ...esMessages };
