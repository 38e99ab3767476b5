/** How much may be sent or read at once. Settings, bound by the start. */
export abstract class BulkLimits {
  /** Links that bulk sendings of one branch may queue on one of its days. */
  abstract readonly linksPerBranchAndDay: number;
  /** Invoices of one bulk sending. */
  abstract readonly invoicesPerJob: number;
  /** Bytes of an imported file. */
  abstract readonly importBytes: number;
}
