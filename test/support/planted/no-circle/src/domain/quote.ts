import type { Terms } from './terms.js';

export interface Quote {
  readonly terms: Terms;
}
