/** What *Record payment…* takes: amounts as people write them, and each mistake beside its field. */
import type { InvoiceView } from '../../../application/invoice/invoice-view.js';
import type { RecordPaymentInput } from '../../../application/invoice/record-payment.js';
import { DomainError } from '../../../domain/errors.js';
import { currencyDigits, decimalText, MAX_AMOUNT_MINOR } from '../../../domain/money.js';
import { RECORDED_METHODS } from '../../api/schemas/recorded-payments.js';
import { line, plainDate } from '../../api/schemas/values.js';
import { describeProblem } from '../../problem-details.js';
import { dateWords, moneyWords } from '../portal-formats.js';
import type { Mistake } from '../portal-forms.js';

type RecordedMethod = RecordPaymentInput['method'];

export const METHOD_WORDS: Readonly<Record<RecordedMethod, string>> = {
  cash: 'Cash',
  check: 'Check',
  transfer: 'Transfer',
  other: 'Other',
};

/** As it was typed. */
export interface Typed {
  readonly method: string;
  readonly amount: string;
  readonly receivedOn: string;
  readonly reference: string;
}

export type Field = keyof Typed | 'form';
export type Mistakes = Partial<Record<Field, string>>;

export interface ReadPayment {
  readonly method: RecordedMethod;
  readonly amountMinor: number;
  readonly receivedOn: string;
  readonly reference: string | undefined;
}

/** What can be read of the form, or what is wrong with it. */
export function readPayment(typed: Typed, currency: string): ReadPayment | Mistakes {
  const method = RECORDED_METHODS.find((each) => each === typed.method);
  const amountMinor = readAmount(typed.amount, currency);
  const receivedOn = plainDate.safeParse(typed.receivedOn);
  const reference = typed.reference.trim() === '' ? undefined : line(100).safeParse(typed.reference);
  if (method && typeof amountMinor === 'number' && receivedOn.success && reference?.success !== false) {
    return { method, amountMinor, receivedOn: receivedOn.data, reference: reference?.data };
  }
  return {
    ...(method ? {} : { method: 'Choose how it was paid.' }),
    ...(typeof amountMinor === 'string' ? { amount: amountMinor } : {}),
    ...(receivedOn.success ? {} : { receivedOn: 'Give the day on which it was received.' }),
    ...(reference?.success === false ? { reference: `It ${reference.error.issues[0]!.message}.` } : {}),
  };
}

/** Minor units of `1,234.50`, or what is wrong with it. */
function readAmount(text: string, currency: string): number | string {
  const digits = currencyDigits(currency);
  const example = decimalText(12_345, currency);
  const plain = text.trim().replaceAll(/,(?=\d{3}(?:\D|$))/g, '');
  const match = /^(\d{1,9})(?:\.(\d+))?$/.exec(plain);
  if (!match) return `Give the amount in ${currency}, like ${example}.`;
  const fraction = match[2] ?? '';
  if (fraction.length > digits) {
    return digits === 0 ? `${currency} has no decimals.` : `${currency} has ${digits} decimals, like ${example}.`;
  }
  const minor = Number(match[1]! + fraction.padEnd(digits, '0'));
  if (minor < 1 || minor > MAX_AMOUNT_MINOR) return 'Give an amount of more than nothing, up to what is owed.';
  return minor;
}

/** Refusals that a field mends, or that need a sentence of their own; any other is said by its title. */
const REFUSALS: Readonly<Record<string, (details: DomainError['details'], currency: string) => Mistakes>> = {
  amount_above_balance: ({ balance }, currency) => ({
    amount: `Only ${moneyWords(Number(balance), currency)} is still owed.`,
  }),
  amount_out_of_range: () => ({ amount: 'Give an amount of more than nothing, up to what is owed.' }),
  received_in_future: ({ today }) => ({ receivedOn: `Where the branch is, today is ${dateWords(String(today))}.` }),
  card_number_in_text: () => ({ reference: 'It contains a card number. Card numbers never belong here.' }),
  payment_in_progress: () => ({
    form: 'The customer is paying by card at this moment. Wait until that has ended, then try again.',
  }),
  version_changed: () => ({ form: 'The invoice has changed since you opened this page. Look at it again.' }),
};

/**
 * A refusal as words beside the field that mends it.
 * @throws what is no refusal
 */
export function refusalWords(
  error: unknown,
  currency: string,
): { status: number; mistakes: Mistakes; isStale: boolean } {
  if (!(error instanceof DomainError)) throw error;
  const { status, title } = describeProblem(error);
  const mistakes = REFUSALS[error.code]?.(error.details, currency) ?? { form: title };
  return { status, mistakes, isStale: error.code === 'version_changed' };
}

/** The mistakes in the order of the form. */
export function mistakeList(mistakes: Mistakes): readonly Mistake[] {
  const fields = ['form', 'method', 'amount', 'receivedOn', 'reference'] as const;
  return fields.flatMap((field) => {
    const words = mistakes[field];
    return words === undefined ? [] : [{ field: field === 'form' ? undefined : field, words }];
  });
}

/** What the page shows of the invoice, and the form with what was typed. */
export function recordPaymentView(
  invoice: InvoiceView,
  form: { readonly typed: Typed; readonly mistakes: Mistakes; readonly cause: string; readonly csrf: string },
  today: string,
): object {
  const { currency, status } = invoice;
  const { typed, mistakes } = form;
  return {
    action: `/staff/invoices/${invoice.invoiceId}/record-payment`,
    back: `/staff/invoices/${invoice.invoiceId}`,
    number: invoice.number,
    customer: invoice.customer.name,
    total: moneyWords(invoice.totalMinor, currency),
    paid: invoice.paidMinor === 0 ? undefined : moneyWords(invoice.paidMinor, currency),
    balance: moneyWords(invoice.balanceMinor, currency),
    closed: closedWords(status),
    currency,
    csrf: form.csrf,
    cause: form.cause,
    seen: String(invoice.revision),
    today,
    typed,
    methods: RECORDED_METHODS.map((value) => ({
      value,
      word: METHOD_WORDS[value],
      checked: value === typed.method,
    })),
    mistakes: {
      form: mistakes.form,
      method: mistakes.method,
      amount: mistakes.amount,
      receivedOn: mistakes.receivedOn,
      reference: mistakes.reference,
    },
  };
}

function closedWords(status: InvoiceView['status']): string | undefined {
  if (status === 'paid') return 'The invoice is paid. Nothing is owed on it.';
  return status === 'void' ? 'The invoice is void. Nothing is owed on it.' : undefined;
}
