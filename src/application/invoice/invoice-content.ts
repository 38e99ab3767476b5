/** What an invoice says, out of what a request says: the same checks when it is registered and when it is revised. */
import type { CustomerDetails } from '../../domain/customer/events.js';
import { DomainError } from '../../domain/errors.js';
import { assertNoCardNumber } from '../../domain/free-text.js';
import type { InvoiceLine } from '../../domain/invoice/events.js';
import { lineAmountMinor, sumMinor } from '../../domain/money.js';
import { normaliseEmail } from '../../domain/recipient.js';
import { inField } from '../in-field.js';
import type { PhoneNumbers } from '../phone-numbers.js';

export interface CustomerInput {
  /** A customer that is registered already; nothing else is then needed, nor beside the `externalId` of one. */
  readonly id?: string | undefined;
  readonly externalId?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly locale?: string | undefined;
  readonly address?: readonly string[] | undefined;
}

export interface LineInput {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: number;
  /** Overrides quantity × unit price. */
  readonly amount?: number | undefined;
}

export interface SumsInput {
  readonly lines: readonly LineInput[];
  /** Minor units. */
  readonly tax: number;
  readonly expectedTotal?: number | undefined;
}

/** @throws DomainError `card_number_in_text` with the field; `total_mismatch` where another total was expected. */
export function sumsOf({ lines: inputs, tax, expectedTotal }: SumsInput): {
  readonly lines: readonly InvoiceLine[];
  readonly taxMinor: number;
  readonly totalMinor: number;
} {
  inputs.forEach((line, index) => assertNoCardNumber(`lines.${index}.description`, line.description));
  const lines = inputs.map(toLine);
  const totalMinor = sumMinor([...lines.map((line) => line.amountMinor), tax]);
  if (expectedTotal !== undefined && expectedTotal !== totalMinor) {
    throw new DomainError('total_mismatch', { expected: expectedTotal, actual: totalMinor });
  }
  return { lines, taxMinor: tax, totalMinor };
}

/** How the invoice names its customer, whose telephone may be anywhere. `country` is where a telephone number without a country is. */
export function customerDetails(customer: CustomerInput, country: string, phones: PhoneNumbers): CustomerDetails {
  const { name = '', email, phone, address } = customer;
  assertNoCardNumber('customer.name', name);
  address?.forEach((line, index) => assertNoCardNumber(`customer.address.${index}`, line));
  return {
    name,
    ...(email === undefined ? {} : { email: inField('customer.email', () => normaliseEmail(email)) }),
    ...(phone === undefined ? {} : { phone: inField('customer.phone', () => phones.read(phone, country).e164) }),
    ...(address === undefined ? {} : { address }),
  };
}

/** What a customer's id derives from where staff's books have a number for them. */
export function externalKey(externalId: string): string {
  return `external:${externalId}`;
}

function toLine({ description, quantity, unitPrice, amount }: LineInput): InvoiceLine {
  return {
    description,
    quantity,
    unitPriceMinor: unitPrice,
    amountMinor: amount ?? lineAmountMinor(quantity, unitPrice),
  };
}
