import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { Clock } from '../ports.js';
import { invoiceView, loadInvoice, type InvoiceView } from './invoice-view.js';

/** Voids an invoice that nobody has paid on. `seenRevision` is what `If-Match` named. */
export class VoidInvoice extends Command<{ readonly invoice: InvoiceView; readonly position: bigint }> {
  constructor(
    readonly input: { readonly invoiceId: string; readonly reason: string; readonly seenRevision?: bigint | undefined },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(VoidInvoice)
export class VoidInvoiceHandler implements ICommandHandler<VoidInvoice> {
  constructor(
    private readonly executor: Execute,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: VoidInvoice): Promise<{ invoice: InvoiceView; position: bigint }> {
    const { position } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(input.invoiceId),
      command: { type: 'VoidInvoice', reason: input.reason, seenRevision: input.seenRevision },
      context,
      quietWhenRepeated: true,
    });
    const loaded = await loadInvoice(this.executor, input.invoiceId);
    return { invoice: invoiceView(loaded, this.clock.now()), position };
  }
}
