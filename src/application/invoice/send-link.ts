import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Branch } from '../../domain/branch/decider.js';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { Channel } from '../../domain/invoice/link-events.js';
import { linkExpiry } from '../../domain/invoice/link-expiry.js';
import type { Invoice } from '../../domain/invoice/state.js';
import { normaliseEmail } from '../../domain/recipient.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream, linkId } from '../ids.js';
import { LinkUrls } from '../link-urls.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { Clock } from '../ports.js';
import { assertSameRequest } from '../same-request.js';
import { linkViews, loadInvoice, type LinkView } from './invoice-view.js';

export interface LinkAnswer {
  readonly link: LinkView;
  readonly url: string;
  /** What staff should know although the link was made. */
  readonly warnings: readonly { readonly code: 'card_processing_not_set_up' }[];
  readonly position: bigint;
}

/** Makes a link for one recipient. The message is sent by a process once `LinkIssued` is in the log. */
export class SendLink extends Command<LinkAnswer> {
  constructor(
    readonly input: { readonly invoiceId: string; readonly channel: Channel; readonly to?: string | undefined },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SendLink)
export class SendLinkHandler implements ICommandHandler<SendLink> {
  constructor(
    private readonly executor: Execute,
    private readonly urls: LinkUrls,
    private readonly phones: PhoneNumbers,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: SendLink): Promise<LinkAnswer> {
    const { invoiceId, channel } = input;
    const { invoice, branch } = await loadInvoice(this.executor, invoiceId);
    const id = linkId(invoiceId, context.cause);
    const now = this.clock.now();
    const recipient = this.recipient(input, invoice, branch);
    const { position } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: {
        type: 'IssueLink',
        link: {
          linkId: id,
          channel,
          ...(recipient === undefined ? {} : { recipient }),
          expiresAt: linkExpiry(now, invoice.registered.dueOn, branch.details.timeZone).toISOString(),
        },
      },
      context,
    });
    const after = await loadInvoice(this.executor, invoiceId);
    const link = linkViews(after.invoice, after.events, now).find((one) => one.linkId === id);
    if (!link) throw new DomainError('link_not_found', { linkId: id });
    // Without "to" the same is asked for again, wherever the customer's own address leads by now.
    const given = input.to === undefined ? {} : { recipient };
    const first = input.to === undefined ? {} : { recipient: link.recipient };
    assertSameRequest(context, { channel: link.channel, ...first }, { channel, ...given });
    const warnings = branch.cardProcessing ? [] : [{ code: 'card_processing_not_set_up' as const }];
    return { link, url: this.urls.pay(id), warnings, position };
  }

  private recipient(input: SendLink['input'], { registered }: Invoice, branch: Branch): string | undefined {
    switch (input.channel) {
      case 'none':
        return undefined;
      case 'email': {
        const to = input.to ?? registered.customer.email;
        if (to === undefined) throw new DomainError('recipient_missing', { channel: 'email' });
        return normaliseEmail(to);
      }
      case 'sms': {
        const to = input.to ?? registered.customer.phone;
        if (to === undefined) throw new DomainError('recipient_missing', { channel: 'sms' });
        return this.phones.parse(to, branch.details.country).e164;
      }
    }
  }
}
