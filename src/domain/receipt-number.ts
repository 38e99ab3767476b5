/** The number of a receipt as people see it: the rank of its capture among the branch's, `000042`. */
export function receiptNumber(rank: bigint): string {
  return String(rank).padStart(6, '0');
}
