/** Conditions of a statement and the values that they name, put together one by one. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly conditions: string[] = [];

  /** Takes a value in and answers its name (`$3`). */
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  add(condition: string): void {
    this.conditions.push(condition);
  }

  /** `column = value`, where there is a value. */
  equal(column: string, value: string | undefined): void {
    if (value !== undefined) this.add(`${column} = ${this.bind(value)}`);
  }

  /** The column is one of these, where there is a list; an empty list matches nothing. */
  oneOf(column: string, type: 'uuid' | 'text', values: readonly string[] | undefined): void {
    if (values !== undefined) this.add(`${column} = ANY(${this.bind(values)}::${type}[])`);
  }

  /** `WHERE …`, or nothing. */
  toString(): string {
    return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
  }
}

const MAX_PAGE = 1_000;

/** @throws RangeError for a page that no list gives. */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new RangeError(`A page has 1 to ${MAX_PAGE} rows, not ${limit}`);
  }
}

/** A page out of one row more than it shows: `next` is the cursor after its last row, or null at the end. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
): { readonly items: readonly Row[]; readonly next: string | null } {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? cursorOf(items.at(-1)!) : null };
}
