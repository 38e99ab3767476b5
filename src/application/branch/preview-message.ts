import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { MessageKind, MessageWording } from '../../domain/branch/events.js';
import type { RenderedMessage } from '../documents.js';
import { Execute } from '../execute.js';
import { LinkUrls } from '../link-urls.js';
import { loadBranch } from './branch-view.js';
import { MessageSamples } from './message-samples.js';

/** Stands where the real link would be: it opens nothing. */
const PREVIEW_LINK_ID = 'preview-preview-';

/** A message as it would arrive, on a real invoice or an example, with words that are perhaps not saved yet. */
export class PreviewMessage extends Query<RenderedMessage> {
  constructor(
    readonly input: {
      readonly branchId: string;
      readonly kind: MessageKind;
      readonly language?: string | undefined;
      readonly invoiceId?: string | undefined;
      readonly message?: Partial<MessageWording> | undefined;
    },
  ) {
    super();
  }
}

@QueryHandler(PreviewMessage)
export class PreviewMessageHandler implements IQueryHandler<PreviewMessage> {
  constructor(
    private readonly executor: Execute,
    private readonly samples: MessageSamples,
    private readonly urls: LinkUrls,
  ) {}

  async execute({ input }: PreviewMessage): Promise<RenderedMessage> {
    const branch = await loadBranch(this.executor, input.branchId);
    return this.samples.render({ ...input, branch, url: this.urls.payPage(PREVIEW_LINK_ID), isTest: false });
  }
}
