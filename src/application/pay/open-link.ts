import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { Browser, LinkOpened } from '../../domain/invoice/link-events.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { PayLinks } from './pay-link.js';

/** A person, not a scanner, has the page before them. Recorded once a link. */
export class OpenLink extends Command<void> {
  constructor(
    readonly input: {
      readonly linkId: string;
      readonly evidence: LinkOpened['data']['evidence'];
      readonly browser: Browser;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(OpenLink)
export class OpenLinkHandler implements ICommandHandler<OpenLink> {
  constructor(
    private readonly executor: Execute,
    private readonly links: PayLinks,
  ) {}

  async execute({ input, context }: OpenLink): Promise<void> {
    const stream = invoiceStream(await this.links.invoiceId(input.linkId));
    await this.executor.run({ decider: invoiceDecider, stream, command: { type: 'OpenLink', ...input }, context });
  }
}
