import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../domain/json.js';
import { BranchMail } from '../documents.js';
import { Execute } from '../execute.js';
import { invoiceDocument, loadInvoice } from '../invoice/invoice-view.js';
import { LinkUrls } from '../link-urls.js';
import { field, JobHandler } from './job-handler.js';
import { TELL_BRANCH } from './job-names.js';
import { MessageDelivery } from './message-delivery.js';

/** Gives staff the task to look after a customer whose wish for a fresh link was not granted. It stands on the timeline as well. */
@Injectable()
export class TellBranchJob extends JobHandler {
  override readonly name = TELL_BRANCH;

  constructor(
    private readonly executor: Execute,
    private readonly branchMail: BranchMail,
    private readonly urls: LinkUrls,
    private readonly messages: MessageDelivery,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const loaded = await loadInvoice(this.executor, field(payload, 'invoiceId'));
    const { branch } = loaded;
    const to = branch.details.replyTo;
    if (to === undefined) return;
    const why = reason(field(payload, 'why'));
    const content = this.branchMail.freshLinkAsked({ invoice: invoiceDocument(loaded), why });
    const messageId = `renewal.${field(payload, 'cause')}@${this.urls.host}`;
    await this.messages.email({ messageId, to, branch: branch.details }, content);
  }
}

function reason(why: string): 'contact_changed' | 'revoked' | 'no_recipient' {
  return why === 'contact_changed' || why === 'revoked' ? why : 'no_recipient';
}
