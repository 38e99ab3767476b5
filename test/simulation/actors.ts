import { SetFeePolicy } from '../../src/application/branch/set-fee-policy.js';
import { RevokeLink } from '../../src/application/invoice/revoke-link.js';
import { SendInvoicePdf } from '../../src/application/invoice/send-invoice-pdf.js';
import { SendLink } from '../../src/application/invoice/send-link.js';
import { VoidInvoice } from '../../src/application/invoice/void-invoice.js';
import { OpenLink } from '../../src/application/pay/open-link.js';
import type { PaymentOutcome } from '../../src/application/pay/payment-settlement.js';
import { QuotePayment, type Quote } from '../../src/application/pay/quote-payment.js';
import { ReleaseOpenPayment } from '../../src/application/pay/release-open-payment.js';
import { SettleIntent } from '../../src/application/pay/settle-intent.js';
import { SettleOpenPayment } from '../../src/application/pay/settle-open-payment.js';
import { SubmitPayment } from '../../src/application/pay/submit-payment.js';
import { ViewPayPage } from '../../src/application/pay/view-pay-page.js';
import { DomainError } from '../../src/domain/errors.js';
import type { TestApplication } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { BROWSER } from '../support/given-invoice.js';
import type { Payable, Simulation } from './simulation.js';

const WEB = ['web-1', 'web-2'] as const;
const PICKED_CARDS = [CARDS.credit, CARDS.credit, CARDS.debit, CARDS.declined, CARDS.threeDSecure, CARDS.slow] as const;
const MINUTE_MS = 60_000;

/** Asks one of the web processes. `undefined`: no answer, or a refusal. */
async function ask<Result>(
  simulation: Simulation,
  work: (app: TestApplication) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await simulation.on(simulation.chance.pick(WEB), work);
  } catch (error) {
    if (error instanceof DomainError) return void simulation.note(`refused: ${error.code}`);
    throw error;
  }
}

/** Somebody with a link who wants to pay, with what people do: two clicks, a reload, another card, walking away. */
export async function customer(simulation: Simulation, { linkId, invoiceId }: Payable): Promise<void> {
  const { chance, world } = simulation;
  const context = () => simulation.context(`customer:${linkId}`);
  for (let visit = 0; visit < 3; visit += 1) {
    await simulation.scheduler.turn();
    const page = await ask(simulation, (app) => app.ask(new ViewPayPage({ linkId })));
    if (chance.happens(0.5)) {
      const opening = { linkId, evidence: 'interaction' as const, browser: BROWSER };
      await ask(simulation, (app) => app.ask(new OpenLink(opening, context())));
    }
    if (page?.state === 'paid') return;
    const confirmationTokenId = world.processor.tokenFor(chance.pick(PICKED_CARDS));
    const quote = await ask(simulation, (app) => app.ask(new QuotePayment({ linkId, confirmationTokenId }, context())));
    if (!quote) continue;
    const clicks = chance.happens(0.25) ? 2 : 1;
    const outcomes = await Promise.all(Array.from({ length: clicks }, () => submit(simulation, linkId, quote)));
    const outcome = outcomes.find((one) => one?.outcome === 'captured') ?? outcomes[0];
    if (outcome?.outcome === 'captured') return assertCaptured(simulation, invoiceId, outcome.paymentId);
    if (outcome?.outcome === 'requires_action') await bankStep(simulation, linkId, outcome.clientSecret);
    if (!outcome && chance.happens(0.6)) await submit(simulation, linkId, quote);
    if (chance.happens(0.4)) await ask(simulation, (app) => app.ask(new SettleOpenPayment({ linkId }, context())));
  }
}

function submit(simulation: Simulation, linkId: string, quote: Quote): Promise<PaymentOutcome | undefined> {
  const { quoteId, quoteHash } = quote;
  const input = { linkId, quoteId, quoteHash, accepted: simulation.chance.happens(0.95), browser: BROWSER };
  const context = simulation.context(`customer:${linkId}`);
  return ask(simulation, (app) => app.ask(new SubmitPayment(input, context)));
}

async function bankStep(simulation: Simulation, linkId: string, clientSecret: string): Promise<void> {
  const { chance, world, scheduler } = simulation;
  const context = () => simulation.context(`customer:${linkId}`);
  const answer = async (): Promise<void> => {
    await scheduler.turn();
    if (chance.happens(0.2)) return;
    const verdict = chance.happens(0.7) ? 'complete' : 'fail';
    simulation.note(`bank: ${verdict}`);
    world.processor.authenticate(clientSecret.replace('_secret', ''), verdict);
  };
  const change = async (): Promise<void> => {
    if (chance.happens(0.4)) await ask(simulation, (app) => app.ask(new ReleaseOpenPayment({ linkId }, context())));
    else await ask(simulation, (app) => app.ask(new SettleOpenPayment({ linkId }, context())));
  };
  if (chance.happens(0.5)) await Promise.all([answer(), change()]);
  else {
    await answer();
    await change();
  }
}

/** Whoever was told that they paid has paid, for good. */
function assertCaptured({ world }: Simulation, invoiceId: string, paymentId: string): void {
  const found = world.store
    .all()
    .some(
      ({ type, stream, data }) =>
        type === 'PaymentCaptured' && stream === `invoice-${invoiceId}` && data['paymentId'] === paymentId,
    );
  if (!found) throw new Error(`A customer was told of the capture ${paymentId} that is not recorded`);
}

/** Staff changing things under the customers' hands. What is refused must leave no trace (I8). */
export async function staff(simulation: Simulation): Promise<void> {
  const { chance, world } = simulation;
  for (let acts = 0; acts < 4; acts += 1) {
    await simulation.scheduler.turn();
    const { branchId, invoiceId, linkId } = chance.pick(simulation.payables);
    const context = simulation.context('staff:1');
    const policy = { enabled: true, rateBps: chance.pick([100, 250, 300]) };
    const act = chance.pick<(app: TestApplication) => Promise<unknown>>([
      (app) => app.ask(new VoidInvoice({ invoiceId, reason: 'Mistake' }, context)),
      (app) => app.ask(new SetFeePolicy({ branchId, policy }, context)),
      (app) => app.ask(new RevokeLink({ invoiceId, linkId }, context)),
      (app) => app.ask(new SendLink({ invoiceId, channel: 'email' }, context)),
      (app) => app.ask(new SendInvoicePdf({ invoiceId }, context)),
    ]);
    try {
      await simulation.on(chance.pick(WEB), act);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const traces = world.store.all().filter(({ metadata }) => metadata['causationId'] === context.cause);
      if (traces.length > 0) throw new Error(`I8: a refused command left ${traces[0]!.type}`, { cause: error });
    }
  }
}

/** Everything that runs by itself: processes, jobs, webhooks in any order, the sweep, and time. */
export async function worker(simulation: Simulation): Promise<void> {
  const { chance, world } = simulation;
  const webhooks = new Webhooks(simulation);
  for (let act = 0; act < 30; act += 1) {
    await simulation.scheduler.turn();
    const work = chance.pick([
      () => simulation.on('worker', (app) => app.processes.step(chance.below(4) + 1)),
      () => runOneJob(simulation),
      () => runOneJob(simulation),
      () => webhooks.deliverOne(),
      () => simulation.on('worker', (app) => app.sweep.run()),
      () => Promise.resolve(world.clock.advance(chance.pick([1_000, MINUTE_MS, 3 * MINUTE_MS, 20 * MINUTE_MS]))),
      () => Promise.resolve(chance.happens(0.1) && world.queue.flush()),
      () => Promise.resolve(finishSlow(simulation)),
    ]);
    await work();
  }
}

/** Two hours pass, and what runs by itself does all its work. */
export async function comeToRest(simulation: Simulation): Promise<void> {
  const { world } = simulation;
  finishSlow(simulation);
  world.clock.advance(2 * 60 * MINUTE_MS);
  await simulation.on('worker', (app) => app.sweep.run());
  do {
    while (world.queue.waiting.size > 0) await runOneJob(simulation);
  } while (await simulation.on('worker', (app) => app.processes.step(100)));
}

const attempts = new WeakMap<object, number>();
const MAX_ATTEMPTS = 8;

/** At least once: a job that did not end stays, and is dropped after some tries, as a dead letter is. */
async function runOneJob(simulation: Simulation): Promise<void> {
  const { queue } = simulation.world;
  if (queue.waiting.size === 0) return;
  const job = simulation.chance.pick([...queue.waiting.values()]);
  const tries = (attempts.get(job) ?? 0) + 1;
  attempts.set(job, tries);
  const done = await simulation.on('worker', async (app) => {
    await app.runJob(job);
    return true;
  });
  if (done || tries >= MAX_ATTEMPTS) queue.waiting.delete(job.id);
}

function finishSlow({ world }: Simulation): void {
  for (const { paymentIntentId } of world.processor.all()) world.processor.finishSlow(paymentIntentId);
}

/** Hints that come late, twice, in any order, or never. */
class Webhooks {
  constructor(private readonly simulation: Simulation) {}

  async deliverOne(): Promise<void> {
    const { chance, world } = this.simulation;
    if (world.processor.notices.length === 0) return;
    const paymentIntentId = chance.pick(world.processor.notices);
    await ask(this.simulation, (app) =>
      app.ask(
        new SettleIntent({ account: { mode: 'platform' }, paymentIntentId }, this.simulation.context('system:webhook')),
      ),
    );
  }
}
