/** Decides about a customer of a branch. */
import { assertNever, type Decider } from '../decider.js';
import { DomainError } from '../errors.js';
import { isTimeZone } from '../zoned-time.js';
import type { CustomerChanges, CustomerDetails, CustomerEvent, CustomerRegistered, CustomerUpdated } from './events.js';

export interface Customer {
  readonly status: 'registered';
  readonly customerId: string;
  readonly branchId: string;
  readonly externalId?: string;
  /** Absent: as the branch has it. */
  readonly locale?: string;
  readonly timeZone?: string;
  readonly details: CustomerDetails;
  readonly revision: bigint;
}

export type CustomerState = { readonly status: 'absent' } | Customer;

export interface RegisterCustomer {
  readonly type: 'RegisterCustomer';
  readonly data: CustomerRegistered['data'];
}

export interface UpdateCustomer {
  readonly type: 'UpdateCustomer';
  /** Addresses are normalised. What is as it is already, changes nothing. */
  readonly data: CustomerUpdated['data'];
  /** What whoever asks has looked at; absent where the change holds whatever is there. */
  readonly seenRevision?: bigint | undefined;
}

export const customerDecider: Decider<CustomerState, RegisterCustomer | UpdateCustomer, CustomerEvent> = {
  initialState: { status: 'absent' },
  decide(command, state) {
    switch (command.type) {
      case 'RegisterCustomer':
        // By the first invoice that names them; a later one finds them.
        return state.status === 'absent' ? [{ type: 'CustomerRegistered', data: command.data }] : [];
      case 'UpdateCustomer':
        return update(command, state);
      default:
        return assertNever(command);
    }
  },
  evolve(state, event, revision) {
    if (event.type === 'CustomerRegistered') return { status: 'registered', ...event.data, revision };
    return state.status === 'absent' ? state : { ...changed(state, event.data), revision };
  },
};

/** @throws DomainError `customer_not_found`, `version_changed`, `unknown_time_zone` */
function update({ data, seenRevision }: UpdateCustomer, state: CustomerState): readonly CustomerEvent[] {
  const { customerId, changes, locale, timeZone } = data;
  if (state.status === 'absent') throw new DomainError('customer_not_found', { customerId });
  if (seenRevision !== undefined && seenRevision !== state.revision) {
    throw new DomainError('version_changed', { revision: String(state.revision) });
  }
  if (timeZone !== undefined && timeZone !== null && !isTimeZone(timeZone)) {
    throw new DomainError('unknown_time_zone', { timeZone });
  }
  const news: CustomerUpdated['data'] = {
    customerId,
    changes: differing(changes, state.details),
    ...differing({ ...given('locale', locale), ...given('timeZone', timeZone) }, state),
  };
  const isNews = Object.keys(news.changes).length > 0 || 'locale' in news || 'timeZone' in news;
  return isNews ? [{ type: 'CustomerUpdated', data: news }] : [];
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value };
}

/** Only what says something else than what is there. */
function differing<Changes extends CustomerChanges | Pick<CustomerUpdated['data'], 'locale' | 'timeZone'>>(
  changes: Changes,
  present: object,
): Changes {
  const former = present as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(changes).filter(
      ([field, value]) =>
        value !== undefined && JSON.stringify(value ?? null) !== JSON.stringify(former[field] ?? null),
    ),
  ) as unknown as Changes;
}

function changed(state: Customer, { changes, locale, timeZone }: CustomerUpdated['data']): Customer {
  const details = withoutNulls({ ...state.details, ...changes }) as unknown as CustomerDetails;
  return withoutNulls({
    ...state,
    details,
    ...given('locale', locale),
    ...given('timeZone', timeZone),
  }) as unknown as Customer;
}

function withoutNulls(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
