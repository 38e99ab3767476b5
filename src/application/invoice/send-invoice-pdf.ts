import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import { normaliseEmail } from '../../domain/recipient.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream, pdfRequestId } from '../ids.js';
import { inField } from '../in-field.js';
import { MessageCaps } from '../messages/message-caps.js';
import { Clock } from '../ports.js';
import { assertSameRequest } from '../same-request.js';
import { loadInvoice } from './invoice-view.js';

export interface PdfRequested {
  readonly requestId: string;
  readonly recipient: string;
  readonly position: bigint;
}

/** Asks for the invoice to be mailed as a PDF, without a link: the customer cannot pay from it. */
export class SendInvoicePdf extends Command<PdfRequested> {
  constructor(
    readonly input: { readonly invoiceId: string; readonly to?: string | undefined },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SendInvoicePdf)
export class SendInvoicePdfHandler implements ICommandHandler<SendInvoicePdf> {
  constructor(
    private readonly executor: Execute,
    private readonly caps: MessageCaps,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: SendInvoicePdf): Promise<PdfRequested> {
    const { customer } = await loadInvoice(this.executor, input.invoiceId);
    const to = input.to ?? customer.email;
    if (to === undefined) throw new DomainError('recipient_missing', { channel: 'email' });
    const recipient = inField('to', () => normaliseEmail(to));
    const requestId = pdfRequestId(input.invoiceId, context.cause);
    const { invoiceId } = input;
    const use = { messageId: requestId, at: this.clock.now(), actor: context.actor, invoiceId, number: undefined };
    await this.caps.take(use);
    const { state, position } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: { type: 'RequestInvoicePdf', requestId, recipient },
      context,
    });
    const request = state.status === 'absent' ? undefined : state.pdfRequests.get(requestId);
    if (!request) throw new DomainError('invoice_not_found', { invoiceId: input.invoiceId });
    if (input.to !== undefined) assertSameRequest(context, { to: request.recipient }, { to: recipient });
    return { requestId, recipient: request.recipient, position };
  }
}
