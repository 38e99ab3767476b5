import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { decideFee, type FeeDecision, type FeePolicy } from '../../domain/fees.js';
import { localDate } from '../../domain/zoned-time.js';
import { Execute } from '../execute.js';
import { Clock } from '../ports.js';
import { loadBranch } from './branch-view.js';

/** What one amount would bear under a policy, by card. */
export interface FeePreview {
  readonly currency: string;
  readonly amountMinor: number;
  /** True where no cap takes away more than a fraction of the smallest unit. */
  readonly isRounding: boolean;
  readonly cards: readonly (FeeDecision & { readonly brand: string })[];
}

const BRANDS = ['visa', 'mastercard', 'amex', 'discover'] as const;

/**
 * The fee of a policy that is perhaps not saved yet, on a credit card whose bill goes to where the branch is. The first day of the
 * policy is left aside: it says when, not how much.
 */
export class PreviewFee extends Query<FeePreview> {
  constructor(readonly input: { readonly branchId: string; readonly policy: FeePolicy; readonly amountMinor: number }) {
    super();
  }
}

@QueryHandler(PreviewFee)
export class PreviewFeeHandler implements IQueryHandler<PreviewFee> {
  constructor(
    private readonly executor: Execute,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: PreviewFee): Promise<FeePreview> {
    const { details } = await loadBranch(this.executor, input.branchId);
    const { effectiveFrom: _when, ...policy } = input.policy;
    const { country, region } = details;
    const place = region === undefined ? { country } : { country, region };
    const today = localDate(this.clock.now(), details.timeZone);
    const cards = BRANDS.map((brand) => ({
      brand,
      ...decideFee(input.amountMinor, policy, place, { brand, funding: 'credit', country, billing: place }, today),
    }));
    const isRounding = policy.fixedMinor === 0 && cards.every(({ capBps }) => capBps >= policy.rateBps);
    return { currency: details.currency, amountMinor: input.amountMinor, isRounding, cards };
  }
}
