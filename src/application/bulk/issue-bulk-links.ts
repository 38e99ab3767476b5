/** Issues the links of a bulk sending, many at a time. */
import { Injectable } from '@nestjs/common';
import type { Branch } from '../../domain/branch/decider.js';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import { linkExpiry } from '../../domain/invoice/link-expiry.js';
import type { Invoice, InvoiceState } from '../../domain/invoice/state.js';
import { loadBranch } from '../branch/branch-view.js';
import { Contacts } from '../contact/contacts.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { loadInvoice } from '../invoice/invoice-view.js';
import { LongJobWork, type LongJob } from '../long-jobs/long-jobs.js';
import { Clock, ContactDigest, Randomness } from '../ports.js';
import { atOnce } from './at-once.js';
import { BulkAllowance } from './bulk-allowance.js';
import { BulkLinkItems, type ItemOutcome, type PlannedItem, type SkipReason } from './bulk-link-items.js';
import { InvoiceSelection } from './invoice-selection.js';
import { KnownContacts, knownAddresses, type KnownAddresses } from './known-contacts.js';
import { recipientKey, recipientOf, type BulkChannel } from './plan-bulk-links.js';

/** Rows that are recorded in one write. */
const PAGE = 256;
/** Items are counted from 0. */
const BEFORE_THE_FIRST = -1;
/** Appends that are under way at a time: the store takes no more a second with more of them. */
const IN_FLIGHT = 48;

/** What the items of one batch have in common. */
interface Batch {
  readonly job: LongJob;
  readonly channel: BulkChannel;
  readonly outcomes: Map<number, ItemOutcome>;
  /** By invoice, as each is now. */
  readonly invoices: Map<string, InvoiceState>;
  /** By invoice, where its customer is reached now. */
  readonly recipients: Map<string, string>;
  known: KnownAddresses;
  /** Who vouches for the consent of those whom nobody has asked yet. */
  readonly textConsent: 'staff' | 'api' | undefined;
  branch(branchId: string): Promise<Branch>;
  /** Takes one of what the branch may still send today; false where nothing is left. */
  spend(branchId: string, timeZone: string): Promise<boolean>;
  refund(branchId: string): void;
}

@Injectable()
export class IssueBulkLinks extends LongJobWork {
  override readonly kind = 'bulk_links';
  override readonly holdsMessages = true;

  constructor(
    private readonly items: BulkLinkItems,
    private readonly executor: Execute,
    private readonly digest: ContactDigest,
    private readonly contacts: Contacts,
    private readonly known: KnownContacts,
    private readonly selection: InvoiceSelection,
    private readonly allowance: BulkAllowance,
    private readonly randomness: Randomness,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** The invoices of the next page are read while the links of this one are issued. */
  override async *run(job: LongJob): AsyncGenerator<void, void, void> {
    const channel = job.request['channel'] as BulkChannel;
    let ahead = this.page(job, channel, BEFORE_THE_FIRST);
    for (;;) {
      const { waiting, batch } = await ahead;
      const last = waiting.at(-1);
      if (!last) return;
      ahead = this.page(job, channel, last.ordinal);
      // It is awaited in the next round; until then a failure is nobody's.
      ahead.catch(() => undefined);
      const work = channel === 'email' ? waiting.map((item) => [item]) : await this.texts(job.jobId, waiting, batch);
      await atOnce(work, IN_FLIGHT, (items) => this.issueFirstOf(items, batch));
      await this.items.record(job.jobId, batch.outcomes);
      yield;
    }
  }

  private async page(
    job: LongJob,
    channel: BulkChannel,
    after: number,
  ): Promise<{ readonly waiting: readonly PlannedItem[]; readonly batch: Batch }> {
    const waiting = await this.items.waiting(job.jobId, after, PAGE);
    const batch = this.batch(job, channel, waiting);
    if (waiting.length > 0) await this.look(waiting, batch);
    return { waiting, batch };
  }

  override async end(job: LongJob, status: 'done' | 'cancelled'): Promise<void> {
    if (status === 'cancelled') await this.items.recordRest(job.jobId, { outcome: 'skipped', reason: 'cancelled' });
  }

  /** Reads the invoices, and asks once for what is known of all their recipients. */
  private async look(items: readonly PlannedItem[], batch: Batch): Promise<void> {
    const changed = await this.selection.ofChangedCustomers(items.map(({ invoiceId }) => invoiceId));
    await atOnce(items, IN_FLIGHT, async ({ invoiceId }) => {
      const { state, customer } = await this.read(invoiceId, changed.has(invoiceId));
      batch.invoices.set(invoiceId, state);
      const recipient = customer && recipientOf(customer, batch.channel);
      if (recipient !== undefined) batch.recipients.set(invoiceId, recipient);
    });
    const recipients = new Set(batch.recipients.values());
    batch.known = await knownAddresses(this.known, [...recipients], (each) => this.contacts.digestOf(each));
  }

  /** The customer's own stream is read where it says more than the invoice. */
  private async read(
    invoiceId: string,
    isCustomerChanged: boolean,
  ): Promise<{ state: InvoiceState; customer: Parameters<typeof recipientOf>[0] | undefined }> {
    if (isCustomerChanged) {
      const { invoice, customer } = await loadInvoice(this.executor, invoiceId);
      return { state: invoice, customer };
    }
    const { state } = await this.executor.load(invoiceDecider, invoiceStream(invoiceId));
    return { state, customer: state.status === 'absent' ? undefined : state.registered.customer };
  }

  /** By text one invoice a recipient: those of one recipient are tried in turn, and none where the former batch texted them. */
  private async texts(
    jobId: string,
    waiting: readonly PlannedItem[],
    { outcomes }: Batch,
  ): Promise<readonly (readonly PlannedItem[])[]> {
    const groups = new Map<string, PlannedItem[]>();
    for (const item of waiting) groups.set(item.messageKey, [...(groups.get(item.messageKey) ?? []), item]);
    const texted = await this.items.queuedMessages(jobId, [...groups.keys()]);
    for (const key of texted) {
      for (const { ordinal } of groups.get(key)!) outcomes.set(ordinal, skipped('older_invoice_texted'));
      groups.delete(key);
    }
    return [...groups.values()];
  }

  private async issueFirstOf(items: readonly PlannedItem[], batch: Batch): Promise<void> {
    let texted = false;
    for (const item of items) {
      const outcome: ItemOutcome = texted ? skipped('older_invoice_texted') : await this.issue(item, batch);
      batch.outcomes.set(item.ordinal, outcome);
      texted ||= outcome.outcome === 'queued';
    }
  }

  private async issue(item: PlannedItem, batch: Batch): Promise<ItemOutcome> {
    const invoice = batch.invoices.get(item.invoiceId);
    if (!invoice || invoice.status === 'absent') return { outcome: 'failed', reason: 'invoice_not_found' };
    // A worker that was killed after the append, before it could record it.
    if (invoice.links.has(item.linkId)) return { outcome: 'queued' };
    const recipient = batch.recipients.get(item.invoiceId);
    const refused = this.refusalOf(invoice, recipient, item) ?? batch.known.refused.get(recipient!);
    if (refused) return skipped(refused);
    const isAsked = batch.channel === 'email' || batch.known.consenting.has(recipient!);
    if (!isAsked && batch.textConsent === undefined) return skipped('text_consent_missing');
    const { timeZone } = (await batch.branch(item.branchId)).details;
    if (!(await batch.spend(item.branchId, timeZone))) return skipped('cap_reached');
    if (!isAsked) await this.keepConsent(item, recipient!, batch);
    const outcome = await this.append(item, invoice, { recipient: recipient!, timeZone }, batch);
    if (outcome.outcome !== 'queued') batch.refund(item.branchId);
    return outcome;
  }

  /** @throws DomainError never: who opted out meanwhile is found out before the text is sent. */
  private async keepConsent({ branchId }: PlannedItem, recipient: string, { job, textConsent }: Batch): Promise<void> {
    const data = { how: textConsent!, branchId, at: this.clock.now().toISOString() };
    const context = { actor: job.actor, cause: this.randomness.uuid(), correlationId: job.correlationId };
    await this.contacts.record(recipient, { type: 'RecordTextConsent', data }, context).catch((error: unknown) => {
      if (!(error instanceof DomainError)) throw error;
    });
  }

  private refusalOf(invoice: Invoice, recipient: string | undefined, item: PlannedItem): SkipReason | undefined {
    if (invoice.status === 'paid') return 'invoice_paid';
    if (invoice.status === 'void') return 'invoice_void';
    if (recipient === undefined) return 'no_address';
    // It may share its message with others, who are not to read what belongs to somebody else by now.
    const planned = item.recipientDigest;
    return planned !== undefined && this.digest.of(recipientKey(recipient)) !== planned ? 'address_changed' : undefined;
  }

  private async append(
    { invoiceId, linkId, messageKey }: PlannedItem,
    { registered }: Invoice,
    { recipient, timeZone }: { readonly recipient: string; readonly timeZone: string },
    { job, channel }: Batch,
  ): Promise<ItemOutcome> {
    try {
      await this.executor.run({
        decider: invoiceDecider,
        stream: invoiceStream(invoiceId),
        command: {
          type: 'IssueLink',
          link: {
            linkId,
            channel,
            recipient,
            expiresAt: linkExpiry(this.clock.now(), registered.dueOn, timeZone).toISOString(),
            purpose: 'bulk',
            bulk: { jobId: job.jobId, messageKey: channel === 'email' ? messageKey : linkId },
          },
        },
        // The link's id makes a repeat quiet; a cause of its own spares a second read of the stream.
        context: { actor: job.actor, cause: this.randomness.uuid(), correlationId: job.correlationId },
      });
      return { outcome: 'queued' };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'invoice_paid' || error.code === 'invoice_void') return skipped(error.code);
      return { outcome: 'failed', reason: error.code };
    }
  }

  private batch(job: LongJob, channel: BulkChannel, waiting: readonly PlannedItem[]): Batch {
    const branches = new Map<string, Promise<Branch>>();
    const left = new Map<string, Promise<number>>();
    const spent = new Map<string, number>();
    const invoices = new Map<string, InvoiceState>();
    const take = async (branchId: string, timeZone: string): Promise<number> => {
      const own = waiting.filter((item) => item.branchId === branchId);
      const ordinals = own.map(({ ordinal }) => ordinal);
      // What was issued before a kill is among them, and has taken its part already.
      const issued = own.filter(({ invoiceId, linkId }) => hasLink(invoices.get(invoiceId), linkId)).length;
      return (await this.allowance.take(job.jobId, branchId, timeZone, ordinals)) - issued;
    };
    return {
      job,
      channel,
      outcomes: new Map(),
      invoices,
      recipients: new Map(),
      known: { refused: new Map(), consenting: new Set() },
      textConsent: job.request['textConsent'] as 'staff' | 'api' | undefined,
      branch: (branchId) => remembered(branches, branchId, () => loadBranch(this.executor, branchId)),
      spend: async (branchId, timeZone) => {
        const most = await remembered(left, branchId, () => take(branchId, timeZone));
        const before = spent.get(branchId) ?? 0;
        if (before >= most) return false;
        spent.set(branchId, before + 1);
        return true;
      },
      refund: (branchId) => void spent.set(branchId, (spent.get(branchId) ?? 0) - 1),
    };
  }
}

function hasLink(invoice: InvoiceState | undefined, linkId: string): boolean {
  return invoice !== undefined && invoice.status !== 'absent' && invoice.links.has(linkId);
}

function skipped(reason: SkipReason): ItemOutcome {
  return { outcome: 'skipped', reason };
}

function remembered<Value>(
  values: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const found = values.get(key) ?? make();
  values.set(key, found);
  return found;
}
