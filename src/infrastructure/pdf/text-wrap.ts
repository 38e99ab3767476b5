/**
 * Breaks text into lines of at most `width`, at spaces; a word that is wider than a whole line is broken inside. Done here
 * and not by pdfkit because the place of a page break must be known before anything is drawn.
 */
export function wrapText(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') {
      lines.push(line);
    }
    const pieces = widthOf(word) <= width ? [word] : breakWord(word, width, widthOf);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1)!;
  }
  lines.push(line);
  return lines;
}

function breakWord(word: string, width: number, widthOf: (text: string) => number): string[] {
  const characters = [...word];
  const pieces: string[] = [];
  for (let start = 0; start < characters.length;) {
    const length = longestThatFits(characters.length - start, (count) => {
      return widthOf(characters.slice(start, start + count).join('')) <= width;
    });
    pieces.push(characters.slice(start, start + length).join(''));
    start += length;
  }
  return pieces;
}

/**
 * At least 1, at most `most`. Doubles and then halves: measuring shapes the whole text, and looking at every length would make a
 * document of many such words take seconds.
 */
function longestThatFits(most: number, fits: (count: number) => boolean): number {
  let known = 1;
  let beyond = 2;
  while (beyond <= most && fits(beyond)) {
    known = beyond;
    beyond *= 2;
  }
  beyond = Math.min(beyond, most + 1);
  while (beyond - known > 1) {
    const middle = Math.floor((known + beyond) / 2);
    if (fits(middle)) known = middle;
    else beyond = middle;
  }
  return known;
}
