/** Puts the invoices of a bulk sending into messages: by email one message lists many links, by text the oldest due alone goes. */
import type { SelectedInvoice } from './invoice-selection.js';
import type { PlannedItem } from './bulk-link-items.js';
import type { KnownAddresses } from './known-contacts.js';

export type BulkChannel = 'email' | 'sms';

/** A mail that lists more is no longer read; the next ones go into another. */
const MAX_LINKS_A_MESSAGE = 50;

/** What is made of addresses and ids, so that the plan of one job is always the same. */
export interface PlanIds {
  linkId(invoiceId: string): string;
  messageKey(parts: readonly string[]): string;
  digest(address: string): string;
}

export function recipientOf(
  customer: { readonly email?: string | undefined; readonly phone?: string | undefined },
  channel: BulkChannel,
): string | undefined {
  return channel === 'email' ? customer.email : customer.phone;
}

/** Mailboxes are compared without regard to case: who has two spellings of one address in their books is still one reader. */
export function recipientKey(address: string): string {
  return address.toLowerCase();
}

/** The plan: items of one message side by side, the oldest due of them first, messages by their oldest. */
export function planBulkLinks(
  invoices: readonly SelectedInvoice[],
  channel: BulkChannel,
  ids: PlanIds,
): readonly PlannedItem[] {
  const planned: PlannedItem[] = [];
  for (const { digest, members } of groupsOf(invoices, channel, ids)) {
    members.forEach((invoice, index) => {
      const linkId = ids.linkId(invoice.invoiceId);
      const part = channel === 'email' ? Math.floor(index / MAX_LINKS_A_MESSAGE) : 0;
      const inPart =
        channel === 'email' ? members.slice(part * MAX_LINKS_A_MESSAGE, (part + 1) * MAX_LINKS_A_MESSAGE) : members;
      planned.push({
        ordinal: planned.length,
        invoiceId: invoice.invoiceId,
        branchId: invoice.branchId,
        number: invoice.number,
        linkId,
        messageKey:
          digest === undefined || inPart.length === 1
            ? linkId
            : ids.messageKey([invoice.branchId, digest, String(part)]),
        recipientDigest: digest,
      });
    });
  }
  return planned;
}

interface Group {
  readonly digest: string | undefined;
  readonly members: SelectedInvoice[];
}

function groupsOf(invoices: readonly SelectedInvoice[], channel: BulkChannel, ids: PlanIds): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const invoice of [...invoices].sort(oldestDueFirst)) {
    const address = recipientOf(invoice, channel);
    // Branches write for themselves: what two of them are owed does not stand in one message.
    const key = address === undefined ? invoice.invoiceId : `${invoice.branchId} ${recipientKey(address)}`;
    const group = groups.get(key);
    if (group) group.members.push(invoice);
    else
      groups.set(key, {
        digest: address === undefined ? undefined : ids.digest(recipientKey(address)),
        members: [invoice],
      });
  }
  return groups.values();
}

function oldestDueFirst(one: SelectedInvoice, other: SelectedInvoice): number {
  return (
    compare(one.dueOn, other.dueOn) || compare(one.number, other.number) || compare(one.invoiceId, other.invoiceId)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** What a bulk sending would do, as far as the lists know. */
export interface BulkPreview {
  readonly invoices: number;
  /** Invoices that would get a link. */
  readonly links: number;
  /** Messages that would go out; by text each has one link. */
  readonly messages: number;
  readonly recipients: number;
  readonly recipientsWithSeveral: number;
  /** By text: of whom nobody has vouched yet that they agreed to be texted. */
  readonly recipientsWithoutConsent: number;
  readonly skipped: Readonly<Record<string, number>>;
}

/** Counts by what the lists show; every invoice is looked at again when its link is made. */
export function previewOf(
  invoices: readonly SelectedInvoice[],
  channel: BulkChannel,
  plan: readonly PlannedItem[],
  known: KnownAddresses,
): BulkPreview {
  const byId = new Map(invoices.map((invoice) => [invoice.invoiceId, invoice]));
  const skipped = new Map<string, number>();
  const skip = (reason: string): void => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  const messages = new Set<string>();
  const perRecipient = new Map<string, number>();
  const unasked = new Set<string>();
  let links = 0;
  for (const { invoiceId, branchId, messageKey, recipientDigest } of plan) {
    const invoice = byId.get(invoiceId)!;
    const { status } = invoice;
    const recipient = recipientOf(invoice, channel) ?? '';
    const refused = known.refused.get(recipient);
    if (status === 'void') skip('invoice_void');
    else if (status !== 'open' && status !== 'partially_paid') skip('invoice_paid');
    else if (recipientDigest === undefined) skip('no_address');
    else if (refused !== undefined) skip(refused);
    else {
      const reader = `${branchId} ${recipientDigest}`;
      perRecipient.set(reader, (perRecipient.get(reader) ?? 0) + 1);
      if (channel === 'sms' && !known.consenting.has(recipient)) unasked.add(reader);
      if (channel === 'sms' && messages.has(messageKey)) skip('older_invoice_texted');
      else links += 1;
      messages.add(messageKey);
    }
  }
  return {
    invoices: invoices.length,
    links,
    messages: messages.size,
    recipients: perRecipient.size,
    recipientsWithSeveral: [...perRecipient.values()].filter((count) => count > 1).length,
    recipientsWithoutConsent: unasked.size,
    skipped: Object.fromEntries(skipped),
  };
}
