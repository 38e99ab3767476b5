import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import { linkExpiry } from '../../domain/invoice/link-expiry.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream, linkId } from '../ids.js';
import { contactChanged } from '../invoice/contact-changed.js';
import { Clock } from '../ports.js';
import { PayLinks } from './pay-link.js';

/**
 * Somebody asks on the page of an expired link for a fresh one. It goes to the recipient of that very link, or to nobody; which of
 * the two is not told to whoever asks.
 */
export class RenewLink extends Command<void> {
  constructor(
    readonly input: { readonly linkId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RenewLink)
export class RenewLinkHandler implements ICommandHandler<RenewLink> {
  constructor(
    private readonly executor: Execute,
    private readonly links: PayLinks,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: RenewLink): Promise<void> {
    const loaded = await this.links.load(input.linkId);
    const { invoiceId, dueOn } = loaded.invoice.registered;
    const now = this.clock.now();
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: {
        type: 'RenewLink',
        linkId: input.linkId,
        now: now.toISOString(),
        fresh: {
          linkId: linkId(invoiceId, context.cause),
          expiresAt: linkExpiry(now, dueOn, loaded.branch.details.timeZone).toISOString(),
        },
        contactChanged: contactChanged(loaded, loaded.link),
      },
      context,
      quietWhenRepeated: true,
    });
  }
}
