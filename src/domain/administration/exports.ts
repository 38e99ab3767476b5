/** What was taken out of the ledger as a file. By whom stands in the event's metadata. */
import type { EventSchemas } from '../event-schema.js';

export interface ExportMade {
  readonly type: 'ExportMade';
  readonly data: {
    readonly exportId: string;
    readonly what: 'payments';
    /** What was asked for. That words were looked for is kept, and not which: they may be somebody's name. */
    readonly filter: {
      readonly from?: string;
      readonly to?: string;
      /** Absent: every branch. */
      readonly branchIds?: readonly string[];
      readonly status?: string;
      readonly method?: string;
      readonly asOf?: string;
      readonly searched?: true;
    };
    /** How many rows there were when it began. */
    readonly rows: number;
  };
}

export const EXPORT_EVENTS: EventSchemas<ExportMade> = { ExportMade: { version: 1, personal: {} } };
