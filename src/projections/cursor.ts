/** A cursor is not one that a list gave out. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}

/** What one part of a cursor must look like. */
export type CursorPart = 'instant' | 'date' | 'uuid' | 'position' | 'text';

const SHAPES: Readonly<Record<CursorPart, RegExp>> = {
  instant: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  position: /^\d{1,19}$/,
  // A NUL has no place in a text of PostgreSQL.
  // eslint-disable-next-line no-control-regex
  text: /^[^\u0000]{0,500}$/,
};
const MAX_POSITION = 2n ** 63n - 1n;
const MAX_LENGTH = 1_000;

/** The place after the last row of a page, as text that is safe in a URL. What is in it is nobody's business. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws InvalidCursor for anything but what `encodeCursor` makes of parts of these shapes. */
export function decodeCursor(cursor: string, shapes: readonly CursorPart[]): readonly string[] {
  const parts = cursor.length > MAX_LENGTH ? undefined : parse(cursor);
  if (!Array.isArray(parts) || parts.length !== shapes.length)
    throw new InvalidCursor('The cursor is not one of this list.');
  return parts.map((part: unknown, index) => {
    const shape = shapes[index]!;
    if (typeof part !== 'string' || !SHAPES[shape].test(part) || !exists(part, shape)) {
      throw new InvalidCursor('The cursor is not one of this list.');
    }
    return part;
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function exists(part: string, shape: CursorPart): boolean {
  if (shape === 'position') return BigInt(part) <= MAX_POSITION;
  if (shape === 'instant' || shape === 'date') {
    const instant = Date.parse(part);
    // The calendar of PostgreSQL begins with the year 1.
    return !Number.isNaN(instant) && !part.startsWith('0000') && new Date(instant).toISOString().startsWith(part);
  }
  return true;
}
