import type { z } from 'zod';
import type { CustomerView } from '../../application/customer/customer-view.js';
import type { CustomerRow } from '../../projections/customers.js';
import type { customerBody, customerPage } from './schemas/customers.js';

export type CustomerBody = z.infer<typeof customerBody>;
export type CustomerPage = z.infer<typeof customerPage>;

/** A customer as they are answered. */
export function toCustomer(view: CustomerView): CustomerBody {
  const { name, email = null, phone = null, address = [] } = view.details;
  const { texts } = view;
  return {
    id: view.customerId,
    branchId: view.branchId,
    externalId: view.externalId ?? null,
    ...{ name, email, phone },
    address: [...address],
    locale: view.locale ?? null,
    timeZone: view.timeZone ?? null,
    texts: texts
      ? { canBeTexted: texts.canBeTexted, consent: texts.consent ?? null, optedOut: texts.optedOut ?? null }
      : null,
    unreachable: view.unreachable.map((each) => ({ ...each })),
    revision: String(view.revision),
  };
}

/** A customer in a list. */
export function toCustomerRow({ customerId, ...row }: CustomerRow): CustomerPage['items'][number] {
  const { branchId, externalId, name, email, phone, locale, timeZone, revision } = row;
  return { id: customerId, branchId, externalId, name, email, phone, locale, timeZone, revision };
}
