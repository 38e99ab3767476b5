import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../domain/json.js';
import type { UserFacts } from '../../domain/user/events.js';
import { LinkUrls } from '../link-urls.js';
import { Clock, Mailer, PublicUrl, RetryLater } from '../ports.js';
import { StaffLinkStore, StaffLinkTokens, type KeptStaffLink } from '../staff/staff-links.js';
import { StaffMessages } from '../staff/staff-messages.js';
import { StaffSettings } from '../staff/staff-settings.js';
import { Users } from '../staff/user-view.js';
import { field, JobHandler } from './job-handler.js';
import { MAIL_STAFF_LINK } from './job-names.js';

/** Mails an invitation, or the way to a new password, to the one user whom it is for. */
@Injectable()
export class MailStaffLinkJob extends JobHandler {
  override readonly name = MAIL_STAFF_LINK;

  constructor(
    private readonly links: StaffLinkStore,
    private readonly tokens: StaffLinkTokens,
    private readonly users: Users,
    private readonly messages: StaffMessages,
    private readonly mailer: Mailer,
    private readonly publicUrl: PublicUrl,
    private readonly urls: LinkUrls,
    private readonly settings: StaffSettings,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const link = await this.links.find({ linkId: field(payload, 'linkId') });
    if (!link || link.isMailed || link.expiresAt <= this.clock.now()) return;
    const user = await this.users.byId(link.userId);
    if (user && isMeantFor(link, user)) await this.mail(link, user);
    // Somebody who has no account is written to by nobody, and the promise is kept all the same.
    await this.links.mailed(link.linkId, this.clock.now());
  }

  private async mail(link: KeptStaffLink, user: UserFacts): Promise<void> {
    const { linkId, expiresAt } = link;
    const purpose = link.purpose === 'invitation' ? 'invitation' : 'reset';
    const setsPassword = !this.settings.withProvider;
    const path = setsPassword ? `/staff/password/${this.tokens.make(linkId)}` : '/staff/sign-in';
    const url = this.publicUrl.base + path;
    const outcome = await this.mailer.send({
      messageId: `staff-${purpose}.${linkId}@${this.urls.host}`,
      to: user.email,
      fromName: this.messages.sender,
      replyTo: undefined,
      ...this.messages.link({ purpose, name: user.name, url, expiresAt, setsPassword }),
      attachments: [],
    });
    // Under the same Message-ID a second one shows once. One that is refused for good is not tried again: the address is wrong.
    if (outcome.outcome === 'temporary' || outcome.outcome === 'unknown') throw new RetryLater(outcome.reason);
  }
}

/** An invitation is for who has not come yet, a new password for who has. */
function isMeantFor({ purpose }: KeptStaffLink, { status }: UserFacts): boolean {
  return purpose === 'invitation' ? status === 'invited' : purpose === 'reset' && status === 'active';
}
