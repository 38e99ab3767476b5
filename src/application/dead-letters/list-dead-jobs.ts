import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DeadLetters, type DeadLetter } from './dead-letters.js';

export interface DeadJobPage {
  readonly items: readonly DeadLetter[];
  /** Where the next page begins; null at the end. */
  readonly nextOffset: number | null;
}

/** A page of the failed jobs, the latest first. */
export class ListDeadJobs extends Query<DeadJobPage> {
  constructor(readonly input: { readonly offset: number; readonly limit: number }) {
    super();
  }
}

@QueryHandler(ListDeadJobs)
export class ListDeadJobsHandler implements IQueryHandler<ListDeadJobs> {
  constructor(private readonly deadLetters: DeadLetters) {}

  async execute({ input: { offset, limit } }: ListDeadJobs): Promise<DeadJobPage> {
    const found = await this.deadLetters.list(offset, limit + 1);
    return { items: found.slice(0, limit), nextOffset: found.length > limit ? offset + limit : null };
  }
}
