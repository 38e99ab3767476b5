import { frMessages } from './fr-messages.js';
import { frPages } from './fr-pages.js';
import type { Catalogue } from './catalogue.js';

/** French. */
export const fr: Catalogue = { ...frPages, ...frMessages };
