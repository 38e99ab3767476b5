import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { assertNoCardNumber } from '../../domain/free-text.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { RecordedMethod } from '../../domain/invoice/payment-events.js';
import { localDate } from '../../domain/zoned-time.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream, recordedPaymentId } from '../ids.js';
import { Clock } from '../ports.js';
import { assertSameRequest } from '../same-request.js';
import { invoiceView, loadInvoice, type InvoiceView } from './invoice-view.js';
import type { RecordedPaymentView } from './recorded-payment-view.js';

export interface RecordPaymentInput {
  readonly invoiceId: string;
  readonly method: RecordedMethod;
  /** Minor units of the invoice's currency. */
  readonly amountMinor: number;
  /** A plain date in the branch's zone. */
  readonly receivedOn: string;
  readonly reference?: string | undefined;
  /** What `If-Match` named. */
  readonly seenRevision?: bigint | undefined;
}

export interface PaymentWithInvoice {
  readonly payment: RecordedPaymentView;
  readonly invoice: InvoiceView;
  readonly position: bigint;
}

/** Notes that money came in by another way than by card. It lowers what is owed, and has no receipt of ours. */
export class RecordPayment extends Command<PaymentWithInvoice> {
  constructor(
    readonly input: RecordPaymentInput,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RecordPayment)
export class RecordPaymentHandler implements ICommandHandler<RecordPayment> {
  constructor(
    private readonly executor: Execute,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: RecordPayment): Promise<PaymentWithInvoice> {
    const { invoiceId, method, amountMinor, receivedOn, reference, seenRevision } = input;
    if (reference !== undefined) assertNoCardNumber('reference', reference);
    const { branch } = await loadInvoice(this.executor, invoiceId);
    const paymentId = recordedPaymentId(invoiceId, context.cause);
    const asked = { paymentId, method, amountMinor, receivedOn, ...(reference === undefined ? {} : { reference }) };
    const { position } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: {
        type: 'RecordPayment',
        payment: asked,
        today: localDate(this.clock.now(), branch.details.timeZone),
        seenRevision,
      },
      context,
    });
    const answer = await withInvoice(this.executor, this.clock, invoiceId, paymentId);
    const { payment } = answer;
    assertSameRequest(context, askedFor(payment), askedFor({ ...payment, reference: undefined, ...asked }));
    return { ...answer, position };
  }
}

/** The invoice with one of its recorded payments, as the stream has them now. @throws DomainError `payment_not_found` */
export async function withInvoice(
  executor: Execute,
  clock: Clock,
  invoiceId: string,
  paymentId: string,
): Promise<Omit<PaymentWithInvoice, 'position'>> {
  const invoice = invoiceView(await loadInvoice(executor, invoiceId), clock.now());
  const payment = invoice.recordedPayments.find((each) => each.paymentId === paymentId);
  if (!payment) throw new DomainError('payment_not_found', { paymentId });
  return { payment, invoice };
}

function askedFor({ method, amountMinor, receivedOn, reference }: RecordedPaymentView): object {
  return { method, amountMinor, receivedOn, ...(reference === undefined ? {} : { reference }) };
}
