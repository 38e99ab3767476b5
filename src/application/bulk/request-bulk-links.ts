import { createHash } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import canonicalize from 'canonicalize';
import type { CommandContext } from '../command-context.js';
import { longJobId } from '../ids.js';
import { LongJobs } from '../long-jobs/long-jobs.js';
import { assertSameRequest } from '../same-request.js';
import { BulkLinkItems } from './bulk-link-items.js';
import { BulkSelection } from './bulk-selection.js';
import type { Selection } from './invoice-selection.js';
import type { BulkChannel } from './plan-bulk-links.js';

/** Takes a bulk sending on. Once this is answered it is done, whatever is killed. */
export class RequestBulkLinks extends Command<{ readonly jobId: string }> {
  constructor(
    readonly input: {
      readonly selection: Selection;
      readonly channel: BulkChannel;
      /** Who vouches for the consent to be texted of those of whom nobody has yet; without it they are skipped. */
      readonly textConsent?: 'staff' | 'api' | undefined;
      /** Those that the caller may use; undefined: all. */
      readonly branchIds: readonly string[] | undefined;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RequestBulkLinks)
export class RequestBulkLinksHandler implements ICommandHandler<RequestBulkLinks> {
  constructor(
    private readonly jobs: LongJobs,
    private readonly items: BulkLinkItems,
    private readonly bulk: BulkSelection,
  ) {}

  async execute({ input, context }: RequestBulkLinks): Promise<{ jobId: string }> {
    const { selection, channel, branchIds, textConsent } = input;
    // By which a repeat is told from another request.
    const askedFor = createHash('sha256').update(canonicalize({ selection, channel, textConsent })!).digest('hex');
    const jobId = longJobId('bulk_links', context.cause);
    // Looked for first: what a filter matches may have changed since the first request, and the job stays the one it was.
    if (!(await this.jobs.find(jobId))) {
      const invoices = await this.bulk.find(selection, branchIds);
      await this.items.create(
        {
          jobId,
          kind: 'bulk_links',
          branchIds: [...new Set(invoices.map((invoice) => invoice.branchId))],
          actor: context.actor,
          correlationId: context.correlationId,
          request: { channel, askedFor, ...(textConsent === undefined ? {} : { textConsent }) },
        },
        this.bulk.plan(jobId, invoices, channel),
      );
    }
    const job = await this.jobs.find(jobId);
    assertSameRequest(context, { askedFor: job?.request['askedFor'] }, { askedFor });
    return { jobId };
  }
}
