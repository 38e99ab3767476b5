/**
 * Makes the rows of a table something the keyboard walks through: one row is highlighted and in the order of tabbing (a roving
 * tabindex), the arrows move on, Enter follows the row's first link. Without this script the table is an ordinary one.
 */
export class Grid {
  /** @type {HTMLElement | undefined} */
  row;

  /**
   * @param {HTMLElement} within where the table is put, again and again
   * @param {{ highlighted: (row: HTMLElement | undefined) => void, leaveUp: () => void }} told
   */
  constructor(within, told) {
    this.within = within;
    this.told = told;
    within.addEventListener('keydown', (event) => this.onKey(event));
    within.addEventListener('focusin', (event) => {
      const row = /** @type {HTMLElement} */ (event.target).closest('tr[data-id]');
      if (row instanceof HTMLElement && row !== this.row) this.highlight(row);
    });
  }

  /** Takes up the rows that are there now. @param {number} index of the row to highlight */
  refresh(index = 0) {
    const table = this.within.querySelector('[data-invoices]');
    table?.setAttribute('role', 'grid');
    for (const cell of table?.querySelectorAll('[role=cell]') ?? []) cell.setAttribute('role', 'gridcell');
    for (const row of this.rows()) {
      row.tabIndex = -1;
      row.setAttribute('aria-selected', 'false');
      for (const part of row.querySelectorAll('a, input')) /** @type {HTMLElement} */ (part).tabIndex = -1;
    }
    this.row = undefined;
    this.highlight(this.rows()[index]);
  }

  /** @returns {HTMLElement[]} */
  rows() {
    return [...this.within.querySelectorAll('tr[data-id]')].filter((row) => row instanceof HTMLElement);
  }

  /** @param {HTMLElement | undefined} row */
  highlight(row) {
    if (this.row) {
      this.row.tabIndex = -1;
      this.row.setAttribute('aria-selected', 'false');
    }
    this.row = row;
    if (row) {
      row.tabIndex = 0;
      row.setAttribute('aria-selected', 'true');
    }
    this.told.highlighted(row);
  }

  focus() {
    this.row?.focus();
    this.row?.scrollIntoView({ block: 'nearest' });
  }

  hasFocus() {
    return this.row?.contains(document.activeElement) ?? false;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const row = this.row;
    if (!row || event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.rows();
    const at = rows.indexOf(row);
    const goals = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
    const goal = goals[/** @type {keyof typeof goals} */ (event.key)];
    if (event.key === 'Enter') row.querySelector('a')?.click();
    else if (event.key === 'Escape' || goal === -1) this.told.leaveUp();
    else if (goal === undefined) return;
    else if (rows[goal]) {
      this.highlight(rows[goal]);
      this.focus();
    }
    event.preventDefault();
  }
}
