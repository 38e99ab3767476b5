/** How far the import of a file has got, as it stands in its job's row. */
import type { JsonObject } from '../../domain/json.js';

export interface ImportProgress {
  /** Lines of the whole file, once it is here. */
  readonly linesTotal: number;
  readonly linesDone: number;
  /** Invoices read so far, whatever became of them. */
  readonly invoices: number;
  readonly registered: number;
  /** Were registered with the same content before. */
  readonly unchanged: number;
  readonly refused: number;
  /** Lines of the report that were left out because there are too many. */
  readonly problemsLeftOut: number;
}

export function importProgress(stored: JsonObject): ImportProgress {
  const number = (name: keyof ImportProgress): number => (typeof stored[name] === 'number' ? stored[name] : 0);
  return {
    linesTotal: number('linesTotal'),
    linesDone: number('linesDone'),
    invoices: number('invoices'),
    registered: number('registered'),
    unchanged: number('unchanged'),
    refused: number('refused'),
    problemsLeftOut: number('problemsLeftOut'),
  };
}
