/** From a link's id (already proven by its token or cookie) to the invoice it opens. */
import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import type { Branch } from '../../domain/branch/decider.js';
import { accountOnly, type CardAccount } from '../../domain/card-account.js';
import { DomainError } from '../../domain/errors.js';
import type { Link } from '../../domain/invoice/state.js';
import { Execute } from '../execute.js';
import { loadInvoice, type LoadedInvoice } from '../invoice/invoice-view.js';
import { LinkDirectory } from '../ports.js';

export interface LinkedInvoice extends LoadedInvoice {
  readonly link: Link;
}

@Injectable()
export class PayLinks {
  constructor(
    private readonly directory: LinkDirectory,
    private readonly executor: Execute,
  ) {}

  /** @throws DomainError `link_not_found`. */
  async invoiceId(linkId: string): Promise<string> {
    const invoiceId = await this.directory.invoiceOfLink(linkId);
    if (invoiceId === undefined) throw new DomainError('link_not_found', { linkId });
    return invoiceId;
  }

  /** @throws DomainError `link_not_found`. */
  async load(linkId: string): Promise<LinkedInvoice> {
    const loaded = await loadInvoice(this.executor, await this.invoiceId(linkId));
    const link = loaded.invoice.links.get(linkId);
    if (!link) throw new DomainError('link_not_found', { linkId });
    return { ...loaded, link };
  }
}

/** On which account the branch charges cards now. @throws DomainError `card_processing_not_set_up`. */
export function chargedAccount({ cardProcessing }: Branch): CardAccount {
  if (!cardProcessing) throw new DomainError('card_processing_not_set_up');
  return accountOnly(cardProcessing);
}

export function isChargedOn(branch: Branch, account: CardAccount): boolean {
  return canonicalize(chargedAccount(branch)) === canonicalize(account);
}

/** @throws DomainError where this link may not be paid by now. */
export function assertPayable({ invoice, branch, link }: LinkedInvoice, now: Date): void {
  if (invoice.status === 'void') throw new DomainError('invoice_void');
  if (invoice.status === 'paid') throw new DomainError('invoice_paid');
  if (link.revoked) throw new DomainError('link_revoked');
  if (now.toISOString() > link.expiresAt) throw new DomainError('link_expired');
  if (!branch.cardProcessing) throw new DomainError('card_processing_not_set_up');
}
