import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { branchDecider } from '../../domain/branch/decider.js';
import { Execute } from '../execute.js';
import { branchStream } from '../ids.js';
import { Contacts } from '../contact/contacts.js';
import { BulkAllowance } from './bulk-allowance.js';
import { BulkSelection } from './bulk-selection.js';
import type { Selection } from './invoice-selection.js';
import { KnownContacts, knownAddresses } from './known-contacts.js';
import { previewOf, recipientOf, type BulkChannel, type BulkPreview } from './plan-bulk-links.js';

export interface BulkPreviewAnswer extends BulkPreview {
  readonly warnings: readonly {
    readonly code: 'card_processing_not_set_up' | 'cap_reached';
    readonly branchId: string;
    readonly branchName: string;
    /** How many links the branch may still queue by bulk today, where that is too few. */
    readonly left?: number;
  }[];
}

/** What a bulk sending would do, before anybody asks for it. */
export class PreviewBulkLinks extends Query<BulkPreviewAnswer> {
  constructor(
    readonly input: {
      readonly selection: Selection;
      readonly channel: BulkChannel;
      readonly branchIds: readonly string[] | undefined;
    },
  ) {
    super();
  }
}

@QueryHandler(PreviewBulkLinks)
export class PreviewBulkLinksHandler implements IQueryHandler<PreviewBulkLinks> {
  constructor(
    private readonly bulk: BulkSelection,
    private readonly executor: Execute,
    private readonly allowance: BulkAllowance,
    private readonly contacts: Contacts,
    private readonly known: KnownContacts,
  ) {}

  async execute({ input }: PreviewBulkLinks): Promise<BulkPreviewAnswer> {
    const invoices = await this.bulk.find(input.selection, input.branchIds);
    const { channel } = input;
    const addresses = invoices.map((invoice) => recipientOf(invoice, channel)).filter((each) => each !== undefined);
    const known = await knownAddresses(this.known, addresses, (each) => this.contacts.digestOf(each));
    const preview = previewOf(invoices, channel, this.bulk.plan('preview', invoices, channel), known);
    const perBranch = new Map<string, number>();
    for (const { branchId } of invoices) perBranch.set(branchId, (perBranch.get(branchId) ?? 0) + 1);
    const warnings = await Promise.all([...perBranch].map(([branchId, count]) => this.warningsOf(branchId, count)));
    return { ...preview, warnings: warnings.flat() };
  }

  private async warningsOf(branchId: string, count: number): Promise<BulkPreviewAnswer['warnings']> {
    const { state } = await this.executor.load(branchDecider, branchStream(branchId));
    if (state.status === 'absent') return [];
    const branch = { branchId, branchName: state.details.name };
    const left = await this.allowance.left(branchId, state.details.timeZone);
    return [
      ...(state.cardProcessing ? [] : [{ code: 'card_processing_not_set_up' as const, ...branch }]),
      ...(left < count ? [{ code: 'cap_reached' as const, ...branch, left }] : []),
    ];
  }
}
