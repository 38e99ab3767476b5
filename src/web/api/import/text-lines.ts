/** A file's text, line by line. */

export interface TextLine {
  /** The first line is 1. */
  readonly line: number;
  /** Undefined for a line that is longer than what is read of one. */
  readonly text: string | undefined;
}

/** Lines without their ends (LF or CRLF), without a byte order mark; of a line that is too long nothing is kept. */
export async function* textLines(chunks: AsyncIterable<Buffer>, longest: number): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8');
  let line = 0;
  let rest: string | undefined = '';
  const ended = (text: string): TextLine => {
    const whole = rest === undefined ? undefined : rest + text;
    rest = '';
    line += 1;
    return { line, text: whole === undefined || whole.length > longest ? undefined : whole.replace(/\r$/, '') };
  };
  for await (const chunk of chunks) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    const last = parts.pop()!;
    for (const part of parts) yield ended(part);
    if (rest !== undefined) rest = rest.length + last.length > longest ? undefined : rest + last;
  }
  if (rest !== '') yield ended('');
}
