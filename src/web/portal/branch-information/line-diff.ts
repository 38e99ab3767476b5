/** What changed between two texts, line by line. */
export interface DiffLine {
  readonly text: string;
  readonly isOld: boolean;
  readonly isNew: boolean;
}

/** Texts of more lines than this are shown whole, old and new: comparing takes the product of both. */
const MOST_LINES = 400;

/** The longest common lines stay; the rest was taken out or put in. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  if (old.length > MOST_LINES || fresh.length > MOST_LINES) return [...old.map(taken), ...fresh.map(put)];
  const common = commonLengths(old, fresh);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      lines.push({ text: old[i]!, isOld: false, isNew: false });
      i += 1;
      j += 1;
    } else if (j === fresh.length || (i < old.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push(taken(old[i]!));
      i += 1;
    } else {
      lines.push(put(fresh[j]!));
      j += 1;
    }
  }
  return lines;
}

/** `[i][j]`: how many lines the texts have in common from there on. */
function commonLengths(old: readonly string[], fresh: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] =
        old[i] === fresh[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}

const taken = (text: string): DiffLine => ({ text, isOld: true, isNew: false });
const put = (text: string): DiffLine => ({ text, isOld: false, isNew: true });
