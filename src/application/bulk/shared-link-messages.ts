/** Sends the email that several links of one recipient share: once, listing each of them, whoever of their jobs comes first. */
import { Injectable } from '@nestjs/common';
import type { InvoiceCommand } from '../../domain/invoice/commands.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { Link } from '../../domain/invoice/state.js';
import { takesCards, wordingFor } from '../branch/wording.js';
import { systemContext } from '../command-context.js';
import { MessageTemplates, type RenderedMessage } from '../documents.js';
import { Execute } from '../execute.js';
import { feeNotice } from '../fee-notice.js';
import { invoiceStream } from '../ids.js';
import { invoiceDocument, loadInvoice, type LoadedInvoice } from '../invoice/invoice-view.js';
import { MessageDelivery, type Delivered } from '../jobs/message-delivery.js';
import { LinkUrls } from '../link-urls.js';
import { Clock, RetryLater } from '../ports.js';
import { BulkLinkItems } from './bulk-link-items.js';

/** The links of a message are issued side by side: after a crash within moments of the restart. */
const STILL_ISSUED_PAUSE_MS = 1_000;

interface Member extends LoadedInvoice {
  readonly link: Link;
}

/** What is recorded of a link, by what became of the message. */
export type LinkReport = (link: Link, messageId: string, delivered: Delivered, now: Date) => InvoiceCommand;

@Injectable()
export class SharedLinkMessages {
  constructor(
    private readonly items: BulkLinkItems,
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
    private readonly urls: LinkUrls,
    private readonly messages: MessageDelivery,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends the message and records it on each of its links, where the one at hand is the first of them that is still owed; another
   * link's job leaves it to that one. A crash in between leads to the same Message-ID; and once one link says that the message was
   * taken, the others are recorded and nothing is sent again.
   *
   * @throws RetryLater while some of the links are not issued yet
   */
  async send(loaded: LoadedInvoice, link: Link, cause: string, report: LinkReport): Promise<void> {
    const messageKey = link.bulk!.messageKey;
    const members = await this.membersFrom(messageKey, loaded, link);
    if (!members) return;
    const owed = members.filter(isOwed);
    const taken = members.find((member) => member.link.sent);
    const messageId = `links.${messageKey}@${this.urls.host}`;
    const payable = owed.filter(({ invoice }) => invoice.status !== 'paid');
    const delivered = taken
      ? ({ outcome: 'sent', providerId: providerIdOf(taken) } as const)
      : await this.deliver(payable, messageId);
    for (const member of owed) {
      const outcome = delivered && (taken || payable.includes(member)) ? delivered : PAID;
      await this.executor.run({
        decider: invoiceDecider,
        stream: invoiceStream(member.invoice.registered.invoiceId),
        command: report(member.link, messageId, outcome, this.clock.now()),
        context: systemContext('link-delivery', cause, member.link.linkId),
        read: member.read,
      });
    }
  }

  /** All links of the message in their order; undefined where another one's job is to send it. */
  private async membersFrom(
    messageKey: string,
    loaded: LoadedInvoice,
    link: Link,
  ): Promise<readonly Member[] | undefined> {
    const listed = await this.items.ofMessage(messageKey);
    if (listed.some(({ outcome }) => outcome === null)) {
      throw new RetryLater('Some links of the message are not issued yet', STILL_ISSUED_PAUSE_MS);
    }
    const members: Member[] = [];
    let first: Member | undefined;
    for (const { invoiceId, linkId } of listed.filter(({ outcome }) => outcome === 'queued')) {
      const each = linkId === link.linkId ? loaded : await loadInvoice(this.executor, invoiceId);
      const own = each.invoice.links.get(linkId);
      if (!own) continue;
      const member = { ...each, link: own };
      members.push(member);
      if (!first && isOwed(member)) first = member;
      if (first && first.link.linkId !== link.linkId) return undefined;
    }
    return first ? members : undefined;
  }

  /** Undefined where nothing is left to be paid, and nothing is sent. */
  private async deliver(members: readonly Member[], messageId: string): Promise<Delivered | undefined> {
    const [first] = members;
    if (!first) return undefined;
    const delivery = { messageId, to: first.link.recipient!, branch: first.branch.details };
    return this.messages.email(delivery, this.render(members));
  }

  private render(members: readonly Member[]): RenderedMessage['email'] {
    const now = this.clock.now();
    const items = members.map((member) => {
      const { invoice, branch, link } = member;
      const document = invoiceDocument(member);
      const notice = feeNotice(invoice, branch, document.locale, now);
      const url = this.urls.pay(link.linkId);
      return { invoice: document, url, feeNotice: notice, takesCards: takesCards(branch) };
    });
    if (items.length > 1) return this.templates.invoiceLinks({ items });
    const [alone] = items;
    const message = wordingFor(members[0]!.branch, 'invoice-link', alone!.invoice.locale, this.templates);
    return this.templates.invoiceLink({ ...alone!, message, firstTextToNumber: false }).email;
  }
}

const PAID: Delivered = {
  outcome: 'refused',
  code: 'invoice_paid',
  reason: 'The invoice was paid before the message was sent',
};

/** A link that was revoked, or whose invoice is void, takes no part any more. */
function isOwed({ invoice, link }: Member): boolean {
  return !link.sent && !link.failed && !link.bounced && !link.revoked && invoice.status !== 'void';
}

function providerIdOf({ events, link }: Member): string {
  const sent = events.find(({ event }) => event.type === 'LinkSent' && event.data.linkId === link.linkId);
  return sent?.event.type === 'LinkSent' ? sent.event.data.providerId : '';
}

/** Whether a link shares its message with others. */
export function sharesMessage({ linkId, bulk }: Link): boolean {
  return bulk !== undefined && bulk.messageKey !== linkId;
}
