/** PostgreSQL's classes for a lost connection, a full disk or too many clients, and its own shutting down. */
const DATABASE_AWAY = /^(08|53|57P)/;
const CONNECTION_LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
/** What its client says of its own, without a code: the connection dropped, or none could be had in time. */
const NO_CONNECTION =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/**
 * Whether what was thrown says only that the database cannot be reached: asking again later is right. The ports of outside
 * systems have errors of their own, so a bare connection error is the database's.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '' } = error as { code?: unknown };
  if (typeof code !== 'string') return false;
  return CONNECTION_LOST.has(code) || DATABASE_AWAY.test(code) || NO_CONNECTION.test(error.message);
}
