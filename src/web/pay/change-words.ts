import type { LastChange } from '../../application/pay/last-change.js';
import type { Words } from '../../application/words/words.js';
import type { Formats } from './formats.js';

/** One sentence on what the last revision changed: the total, else the due date, else that the details are others. */
export function changeWords(change: LastChange, formats: Formats, text: Words): string {
  const on = formats.dayOf(change.at);
  const { before, after } = change;
  if (before.totalMinor !== after.totalMinor) {
    const [was, is] = [formats.money(before.totalMinor), formats.money(after.totalMinor)];
    return text.changed.total({ on, was, is });
  }
  if (before.dueOn !== after.dueOn) {
    return text.changed.due({ on, was: formats.date(before.dueOn), is: formats.date(after.dueOn) });
  }
  return text.changed.details({ on });
}
