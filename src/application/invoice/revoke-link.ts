import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { Clock } from '../ports.js';
import { linkViews, loadInvoice, type LinkView } from './invoice-view.js';

/** Ends a link at once. What it was paid by stays paid. */
export class RevokeLink extends Command<{ readonly link: LinkView; readonly position: bigint }> {
  constructor(
    readonly input: { readonly invoiceId: string; readonly linkId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RevokeLink)
export class RevokeLinkHandler implements ICommandHandler<RevokeLink> {
  constructor(
    private readonly executor: Execute,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: RevokeLink): Promise<{ link: LinkView; position: bigint }> {
    const { invoiceId, linkId } = input;
    const { position } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: { type: 'RevokeLink', linkId },
      context,
    });
    const { invoice, events } = await loadInvoice(this.executor, invoiceId);
    const link = linkViews(invoice, events, this.clock.now()).find((one) => one.linkId === linkId);
    if (!link) throw new DomainError('link_not_found', { linkId });
    return { link, position };
  }
}
