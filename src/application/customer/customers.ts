import { Injectable } from '@nestjs/common';
import { customerDecider, type Customer } from '../../domain/customer/decider.js';
import { DomainError } from '../../domain/errors.js';
import { loadBranch } from '../branch/branch-view.js';
import { Contacts, type KnownContact } from '../contact/contacts.js';
import { Execute } from '../execute.js';
import { customerStream } from '../ids.js';
import { SendingChecks } from '../invoice/sending-checks.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { ownFacts, type CustomerView, type UnreachableView } from './customer-view.js';

/** Reads customers from their own streams, and what is known of their addresses from those. */
@Injectable()
export class Customers {
  constructor(
    private readonly executor: Execute,
    private readonly contacts: Contacts,
    private readonly checks: SendingChecks,
    private readonly phones: PhoneNumbers,
  ) {}

  /** @throws DomainError `customer_not_found` */
  async load(customerId: string): Promise<Customer> {
    const { state } = await this.executor.load(customerDecider, customerStream(customerId));
    if (state.status === 'absent') throw new DomainError('customer_not_found', { customerId });
    return state;
  }

  async view(customer: Customer): Promise<CustomerView> {
    const { email, phone } = customer.details;
    const [branch, mailbox, telephone] = await Promise.all([
      loadBranch(this.executor, customer.branchId),
      email === undefined ? undefined : this.contacts.known(email),
      phone === undefined ? undefined : this.contacts.known(phone),
    ]);
    const { name, locale, timeZone } = branch.details;
    const optedOut = telephone?.optedOut;
    return {
      ...ownFacts(customer),
      texts: telephone && {
        consent: telephone.consent,
        optedOut: optedOut && { at: optedOut.at, source: optedOut.source, say: this.checks.howToOptIn(branch) },
        canBeTexted: this.canBeTexted(phone!, branch.details.country),
      },
      unreachable: [...unreachable('email', mailbox), ...unreachable('sms', telephone)],
      branch: { name, locale, timeZone },
    };
  }

  private canBeTexted(phone: string, country: string): boolean {
    try {
      this.phones.parse(phone, country);
      return true;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}

function unreachable(channel: 'email' | 'sms', contact: KnownContact | undefined): readonly UnreachableView[] {
  if (!contact?.unreachable) return [];
  const { at, code, reason } = contact.unreachable;
  return [{ channel, at, code, reason }];
}
