import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Execute } from '../execute.js';
import {
  CardProcessor,
  processorAccount,
  ProcessorKeyMissing,
  ProcessorRefused,
  ProcessorUnavailable,
} from '../ports.js';
import { loadBranch } from './branch-view.js';

export const SECRET_KEY_MISSING = 'secret_key_missing';

/** How the processor answered when it was asked for the account behind the keys of a branch. */
export interface CardProcessingTest {
  readonly live: boolean;
  /** `ready`; `no_charges`: the account may not charge yet; `refused`: the keys are not good; `unreachable`: no answer. */
  readonly outcome: 'ready' | 'no_charges' | 'refused' | 'unreachable';
  readonly accountId: string | undefined;
  readonly accountName: string | undefined;
  /** The processor's code where it refused; `secret_key_missing` where it was not asked, because the key is not kept here any more. */
  readonly code: string | undefined;
}

/** Asks the processor for the account that a branch charges on. Nothing is changed and no secret is shown. */
export class TestCardProcessing extends Query<CardProcessingTest> {
  constructor(readonly input: { readonly branchId: string }) {
    super();
  }
}

@QueryHandler(TestCardProcessing)
export class TestCardProcessingHandler implements IQueryHandler<TestCardProcessing> {
  constructor(
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
  ) {}

  async execute({ input }: TestCardProcessing): Promise<CardProcessingTest> {
    const { cardProcessing = { mode: 'platform' } } = await loadBranch(this.executor, input.branchId);
    const live = !this.processor.testMode;
    const unknown = { live, accountId: undefined, accountName: undefined, code: undefined };
    try {
      const account = processorAccount(input.branchId, cardProcessing);
      const { accountId, name, chargesEnabled } = await this.processor.describeAccount(account);
      return { ...unknown, accountId, accountName: name, outcome: chargesEnabled ? 'ready' : 'no_charges' };
    } catch (error) {
      if (error instanceof ProcessorRefused) return { ...unknown, outcome: 'refused', code: error.code };
      if (error instanceof ProcessorKeyMissing) return { ...unknown, outcome: 'refused', code: SECRET_KEY_MISSING };
      if (error instanceof ProcessorUnavailable) return { ...unknown, outcome: 'unreachable' };
      throw error;
    }
  }
}
