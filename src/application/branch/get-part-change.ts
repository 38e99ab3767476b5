import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { branchDecider } from '../../domain/branch/decider.js';
import { DomainError } from '../../domain/errors.js';
import { Execute } from '../execute.js';
import { branchStream } from '../ids.js';
import { branchAtRevision, partFields, type PartFields, type SeenPart } from './branch-parts.js';

/** What became of a part of a branch since it was looked at. */
export interface PartChange {
  readonly was: PartFields;
  readonly is: PartFields;
  /** Whoever changed it last, and when. */
  readonly actor: string;
  readonly at: string;
}

/** What others changed of a part meanwhile, so that whoever was typing can judge it. */
export class GetPartChange extends Query<PartChange | undefined> {
  constructor(readonly input: { readonly branchId: string; readonly seen: SeenPart }) {
    super();
  }
}

@QueryHandler(GetPartChange)
export class GetPartChangeHandler implements IQueryHandler<GetPartChange> {
  constructor(private readonly executor: Execute) {}

  async execute({ input: { branchId, seen } }: GetPartChange): Promise<PartChange | undefined> {
    const { state, events } = await this.executor.load(branchDecider, branchStream(branchId));
    if (state.status === 'absent') throw new DomainError('branch_not_found', { branchId });
    const text = (revision: bigint): string =>
      JSON.stringify(partFields(branchAtRevision(events, revision), seen.part));
    const later = events.filter(({ revision }) => revision > seen.revision);
    const last = later.findLast(({ revision }) => text(revision) !== text(revision - 1n));
    if (!last) return undefined;
    return {
      was: partFields(branchAtRevision(events, seen.revision), seen.part),
      is: partFields(state, seen.part),
      actor: last.metadata.actor,
      at: last.metadata.occurredAt,
    };
  }
}
