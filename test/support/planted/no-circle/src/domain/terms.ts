import type { Quote } from './quote.js';

export interface Terms {
  readonly of: Quote;
}
