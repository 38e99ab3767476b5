/** Runs statements with `$1`-style parameters. Also the injection token of whatever runs them. */
export abstract class Sql {
  /**
   * 64-bit integers come back as text, timestamps as RFC 3339 in UTC, dates as `YYYY-MM-DD`, so that a row is JSON-safe and
   * exact.
   */
  abstract query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}
