import { RegisterBranch } from '../../src/application/branch/register-branch.js';
import { SetFeePolicy } from '../../src/application/branch/set-fee-policy.js';
import { SetUpCardProcessing } from '../../src/application/branch/set-up-card-processing.js';
import type { CommandContext } from '../../src/application/command-context.js';
import { RegisterInvoice } from '../../src/application/invoice/register-invoice.js';
import { SendLink } from '../../src/application/invoice/send-link.js';
import { EventStoreUnavailable, ProcessorUnavailable } from '../../src/application/ports.js';
import { DomainError } from '../../src/domain/errors.js';
import { invoiceInput } from '../application/journey.js';
import { TestApplication } from '../support/doubles/application.js';
import { behindGate, Crash, ProcessLife, type Fault } from '../support/doubles/faulty-ports.js';
import { makeWorld, type World } from '../support/doubles/ports.js';
import { Chance } from '../support/doubles/time-and-chance.js';
import { BRANCH } from '../support/given-invoice.js';
import { checkCharge, EventChecks, checkRest } from './invariants.js';
import { Scheduler } from './scheduler.js';

const MAX_STEPS = 20_000;
const FAULTY_ROUNDS = 2;
const CALM_ROUNDS = 3;
const FAULTS: readonly Fault[] = ['crash_before', 'crash_after', 'away_before', 'away_after'];

/** A link and the invoice that it opens, as the seed made them. */
export interface Payable {
  readonly branchId: string;
  readonly invoiceId: string;
  readonly linkId: string;
}

/** One seed: a small world, several processes of the service on it, and everything that can go wrong. */
export class Simulation {
  readonly chance: Chance;
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly payables: Payable[] = [];
  private readonly faultRate: number;
  private readonly checks: EventChecks;
  private readonly trace: string[] = [];
  private readonly processes = new Map<string, { readonly life: ProcessLife; readonly app: TestApplication }>();
  private failure: unknown;
  private faulty = false;
  private causes = 0;

  constructor(readonly seed: number) {
    this.chance = new Chance(seed);
    this.world = makeWorld(seed, (intent, log) => checkCharge(intent, log, this.world.processor.all()));
    this.scheduler = new Scheduler(this.chance);
    this.checks = new EventChecks(this.world);
    this.faultRate = this.chance.pick([0, 0.02, 0.05, 0.12]);
  }

  /** Runs the actors in an order of the seed's making, lets everything come to rest, and checks what must always hold. */
  async run(actors: () => readonly (() => Promise<void>)[], tidyUp: () => Promise<void>): Promise<void> {
    try {
      await this.setUp();
      this.faulty = true;
      for (const actor of actors()) this.start(actor);
      await this.steps();
      await this.rounds(FAULTY_ROUNDS, tidyUp);
      this.faulty = false;
      await this.rounds(CALM_ROUNDS, tidyUp);
      checkRest(this.world);
    } catch (error) {
      const last = this.trace.slice(-60).join('\n  ');
      throw new Error(`Seed ${this.seed} (repeat it with SIM_SEED=${this.seed}). Last calls:\n  ${last}`, {
        cause: error,
      });
    }
  }

  /** A process by its name: the one that runs, or a new one after a crash. */
  process(name: string): { readonly life: ProcessLife; readonly app: TestApplication } {
    const running = this.processes.get(name);
    if (running?.life.alive) return running;
    const life = new ProcessLife();
    const gate = async (call: string): Promise<Fault | undefined> => {
      await this.scheduler.turn();
      const fault = this.faulty && this.chance.happens(this.faultRate) ? this.chance.pick(FAULTS) : undefined;
      this.trace.push(`${name} ${call}${fault === undefined ? '' : ` ${fault}`}`);
      return fault;
    };
    const started = { life, app: new TestApplication(behindGate(this.world, gate, life)) };
    this.processes.set(name, started);
    return started;
  }

  /** Does something on a process. Answers `undefined` where it died or something outside was away; refusals are thrown. */
  async on<Result>(name: string, work: (app: TestApplication) => Promise<Result>): Promise<Result | undefined> {
    const { life, app } = this.process(name);
    try {
      return await Promise.race([work(app), life.died]);
    } catch (error) {
      if (isTrouble(error)) return undefined;
      throw error;
    }
  }

  context(actor: string): CommandContext {
    this.causes += 1;
    return { actor, cause: `cause-${this.causes}`, correlationId: `correlation-${this.causes}` };
  }

  note(what: string): void {
    this.trace.push(what);
  }

  private start(flow: () => Promise<void>): void {
    this.scheduler.start(flow, (error) => {
      this.failure ??= error;
    });
  }

  private rounds(count: number, tidyUp: () => Promise<void>): Promise<void> {
    this.start(async () => {
      for (let round = 0; round < count; round += 1) await tidyUp();
    });
    return this.steps();
  }

  private steps(): Promise<void> {
    return this.scheduler.run(MAX_STEPS, () => {
      this.checks.check();
      if (this.failure !== undefined) throw this.failure as Error;
    });
  }

  /** Staff's work on a good day. */
  private async setUp(): Promise<void> {
    const app = new TestApplication(this.world);
    const staff = () => this.context('staff:1');
    const branches = this.chance.happens(0.3) ? 2 : 1;
    for (let branch = 0; branch < branches; branch += 1) {
      const { branchId } = (await app.ask(new RegisterBranch({ details: BRANCH }, staff()))).branch;
      await app.ask(new SetUpCardProcessing({ branchId, mode: 'platform' }, staff()));
      const rateBps = this.chance.pick([0, 150, 300, 400]);
      await app.ask(new SetFeePolicy({ branchId, policy: { enabled: this.chance.happens(0.8), rateBps } }, staff()));
      const invoices = this.chance.below(2) + 1;
      for (let invoice = 0; invoice < invoices; invoice += 1) await this.addInvoice(app, branchId, `INV-${invoice}`);
    }
  }

  private async addInvoice(app: TestApplication, branchId: string, number: string): Promise<void> {
    const unitPrice = this.chance.pick([1, 99, 40_594, 99_999_999]);
    const input = invoiceInput(branchId, { number, lines: [{ description: 'Service', quantity: '1', unitPrice }] });
    const { invoice } = await app.ask(new RegisterInvoice(input, this.context('staff:1')));
    const { invoiceId } = invoice;
    const links = this.chance.below(2) + 1;
    for (let link = 0; link < links; link += 1) {
      const channel = this.chance.pick(['email', 'sms', 'none'] as const);
      const issued = await app.ask(new SendLink({ invoiceId, channel, textConsent: 'api' }, this.context('staff:1')));
      this.payables.push({ branchId, invoiceId, linkId: issued.link.linkId });
    }
  }
}

/** Failures of the world, which those who ask must live with; all else is a defect. */
function isTrouble(error: unknown): boolean {
  if (error instanceof DomainError) return false;
  if (error instanceof Crash || error instanceof EventStoreUnavailable || error instanceof ProcessorUnavailable)
    return true;
  return error instanceof Error && (error.name === 'RetryLater' || error.message.endsWith('is away'));
}
