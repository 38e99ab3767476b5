import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { DeadLetters } from './dead-letters.js';

/** Has failed jobs tried again: one, or all that there are. A job asks first whether its work is done, so that twice does no harm. */
export class RedriveDeadJobs extends Command<{ readonly count: number }> {
  constructor(readonly input: { readonly jobId: string } | 'all') {
    super();
  }
}

@CommandHandler(RedriveDeadJobs)
export class RedriveDeadJobsHandler implements ICommandHandler<RedriveDeadJobs> {
  constructor(private readonly deadLetters: DeadLetters) {}

  /** @throws DomainError `dead_job_not_found` */
  async execute({ input }: RedriveDeadJobs): Promise<{ count: number }> {
    if (input === 'all') return { count: await this.deadLetters.redriveAll() };
    if (await this.deadLetters.redrive(input.jobId)) return { count: 1 };
    throw new DomainError('dead_job_not_found', { jobId: input.jobId });
  }
}
