import type { Words } from '../../application/words/words.js';
import { cardBrandName } from '../../domain/card-brand.js';
import { formatMoney } from '../../domain/money.js';

const DAY_MS = 86_400_000;

/** Money, dates and numbers as a reader of one locale writes them. */
export class Formats {
  constructor(
    readonly locale: string,
    private readonly currency: string,
    private readonly timeZone: string,
  ) {}

  money(amountMinor: number): string {
    return formatMoney({ amount: amountMinor, currency: this.currency }, this.locale);
  }

  /** A plain date, which has no zone. */
  date(plainDate: string): string {
    return new Intl.DateTimeFormat(this.locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(plainDate));
  }

  /** The date of an instant on the branch's calendar. */
  dayOf(rfc3339: string): string {
    const { locale, timeZone } = this;
    return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }).format(new Date(rfc3339));
  }

  /** An instant as a clock on the branch's wall shows it. */
  instant(rfc3339: string): string {
    return new Intl.DateTimeFormat(this.locale, {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: this.timeZone,
    }).format(new Date(rfc3339));
  }

  /** A decimal as text, exact. */
  quantity(decimal: string): string {
    return new Intl.NumberFormat(this.locale, { maximumFractionDigits: 4 }).format(
      decimal as Intl.StringNumericLiteral,
    );
  }

  /** How far the due date is from today in the branch's zone; negative when it has passed. */
  daysUntil(plainDate: string, now: Date): number {
    // Sweden writes dates as ISO 8601 does.
    const today = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: this.timeZone }).format(now);
    return Math.round((Date.parse(plainDate) - Date.parse(today)) / DAY_MS);
  }
}

/** The due date in words: "Due in 4 days", "6 days overdue". */
export function dueWords(days: number, text: Words): string {
  if (days < 0) return text.due.overdueDays({ days: -days });
  if (days === 0) return text.due.today;
  return days === 1 ? text.due.tomorrow : text.due.inDays({ days });
}

/** A card as its holder knows it: "Visa credit card ending in 4242". */
export function cardWords(card: { brand: string; last4: string; funding: string }, { card: words }: Words): string {
  const { last4 } = card;
  const funding = words[isFunding(card.funding) ? card.funding : 'unknown'];
  const brand = cardBrandName(card.brand);
  return brand === undefined ? words.plain({ funding, last4 }) : words.branded({ brand, funding, last4 });
}

function isFunding(text: string): text is 'credit' | 'debit' | 'prepaid' {
  return text === 'credit' || text === 'debit' || text === 'prepaid';
}
