/** What a newcomer finds at the first start: a branch that takes cards, and a few invoices to send. */
import type { CommandBus } from '@nestjs/cqrs';
import { RegisterBranch } from '../application/branch/register-branch.js';
import { SetFeePolicy } from '../application/branch/set-fee-policy.js';
import { SetUpCardProcessing } from '../application/branch/set-up-card-processing.js';
import type { CommandContext } from '../application/command-context.js';
import { branchId } from '../application/ids.js';
import type { InvoiceInput } from '../application/invoice/invoice-registration.js';
import { RegisterInvoice } from '../application/invoice/register-invoice.js';
import { addDays, localDate } from '../domain/zoned-time.js';

const ZONE = 'America/Chicago';
/** Fixed causes make fixed ids, whatever event store is behind, and a start that was interrupted goes on where it was. */
const BRANCH_CAUSE = 'demo:branch';

export const DEMO_BRANCH_ID = branchId(BRANCH_CAUSE);

/**
 * Makes the demo data, or what is missing of them. Every step is quiet when it was done before.
 * @returns the position that the lists have to have got to in order to show them.
 */
export async function makeDemoData(commands: CommandBus, now: Date): Promise<bigint> {
  const positions: bigint[] = [];
  const { position } = await commands.execute(
    new RegisterBranch(
      {
        details: {
          name: 'Main Street Cold Storage',
          timeZone: ZONE,
          currency: 'USD',
          locale: 'en-US',
          country: 'US',
          region: 'TX',
          address: ['100 Main Street', 'Houston, TX 77002'],
          replyTo: 'office@example.com',
          telephone: '+1 713 555 0100',
          otherWaysToPay: 'You can also pay without a fee by check or bank transfer: call us.',
          colour: '#0f6b5c',
        },
      },
      context(BRANCH_CAUSE),
    ),
  );
  positions.push(position);
  const card = new SetUpCardProcessing({ branchId: DEMO_BRANCH_ID, mode: 'platform' }, context('demo:card-processing'));
  positions.push((await commands.execute(card)).position);
  const policy = { enabled: true, rateBps: 300, capBps: 300, costBps: 300 };
  const fee = new SetFeePolicy({ branchId: DEMO_BRANCH_ID, policy }, context('demo:fee-policy'));
  positions.push((await commands.execute(fee)).position);
  for (const invoice of demoInvoices(localDate(now, ZONE))) {
    const made = await commands.execute(new RegisterInvoice(invoice, context(`demo:invoice:${invoice.number}`)));
    positions.push(made.position);
  }
  return positions.reduce((last, next) => (next > last ? next : last), 0n);
}

function context(cause: string): CommandContext {
  return { actor: 'system:demo', cause, correlationId: cause };
}

function demoInvoices(today: string): readonly InvoiceInput[] {
  const shared = { branchId: DEMO_BRANCH_ID, currency: 'USD' };
  return [
    {
      ...shared,
      number: 'INV-1001',
      issuedOn: addDays(today, -2),
      dueOn: addDays(today, 28),
      customer: { name: 'Ada Byron', email: 'ada@example.com', phone: '+12125550100' },
      lines: [{ description: 'Cold storage, 3 days', quantity: '3', unitPrice: 12500 }],
      tax: 3094,
      expectedTotal: 40594,
    },
    {
      ...shared,
      number: 'INV-1002',
      issuedOn: addDays(today, -40),
      dueOn: addDays(today, -10),
      customer: { name: 'Grove & Finch Catering', email: 'accounts@catering.example.com', phone: '+12125550101' },
      lines: [
        { description: 'Pallet space, chilled, per week', quantity: '6.5', unitPrice: 4800 },
        { description: 'Loading after hours', quantity: '2', unitPrice: 9500 },
        { description: 'Regular customer', quantity: '1', unitPrice: -2500 },
      ],
      tax: 3927,
    },
    {
      ...shared,
      number: 'INV-1003',
      issuedOn: today,
      dueOn: addDays(today, 14),
      customer: { name: 'Harbour Fish Market', email: 'office@fish.example.com' },
      lines: [{ description: 'Blast freezing, per tonne', quantity: '1.75', unitPrice: 21000 }],
      tax: 0,
    },
  ];
}
