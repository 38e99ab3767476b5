const PAGE_BYTES = 4 * 1024 * 1024;
const FIRST_PAGE = 64;
const LARGEST_PAGE = 2048;

/** How many events to fetch at once: few at first, because most streams are short and some events are large. */
export class PageSize {
  private rows = FIRST_PAGE;

  get limit(): number {
    return this.rows;
  }

  /** Learns from a page how large events are here. */
  learn(fetched: number, bytes: number): void {
    if (fetched < this.rows) return;
    const fitting = Math.floor((PAGE_BYTES * fetched) / Math.max(1, bytes));
    this.rows = Math.max(16, Math.min(LARGEST_PAGE, fitting, this.rows * 4));
  }
}
