import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import type { UserFacts } from '../../domain/user/events.js';
import { assertPassword, normalisePassword } from '../../domain/user/password.js';
import type { CommandContext } from '../command-context.js';
import { Clock } from '../ports.js';
import { BrowserSessions } from './browser-sessions.js';
import { Passwords, PasswordStore } from './passwords.js';
import { SecondFactors } from './second-factors.js';
import type { SignedIn } from './sign-in.js';
import { StaffLinkStore, StaffLinkTokens, type KeptStaffLink } from './staff-links.js';
import { StaffSessions } from './staff-sessions.js';
import { UserActivation } from './user-activation.js';
import { Users } from './user-view.js';

/** For whom a link is that sets a password. */
export class ViewPasswordLink extends Query<{ readonly email: string; readonly isInvitation: boolean }> {
  constructor(readonly input: { readonly token: string }) {
    super();
  }
}

/** Takes up an invitation, or a lost password's link: sets the password and signs in. All other sessions end. */
export class SetPassword extends Command<Extract<SignedIn, { secret: string }>> {
  constructor(
    readonly input: { readonly token: string; readonly password: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** @throws DomainError `staff_link_not_found` for a link that was used, has run out, or never was */
@QueryHandler(ViewPasswordLink)
export class ViewPasswordLinkHandler implements IQueryHandler<ViewPasswordLink> {
  constructor(
    private readonly links: StaffLinkStore,
    private readonly tokens: StaffLinkTokens,
    private readonly users: Users,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: ViewPasswordLink): Promise<{ email: string; isInvitation: boolean }> {
    const { link, user } = await this.find(input.token);
    return { email: user.email, isInvitation: link.purpose === 'invitation' };
  }

  /** @throws DomainError `staff_link_not_found` */
  async find(token: string): Promise<{ link: KeptStaffLink; user: UserFacts }> {
    const link = await this.links.find({ tokenHash: this.tokens.hash(token) });
    const isUsable = link !== undefined && link.purpose !== 'local' && link.expiresAt > this.clock.now();
    const user = isUsable ? await this.users.byId(link.userId) : undefined;
    if (!link || !user || user.status === 'disabled') throw new DomainError('staff_link_not_found');
    return { link, user };
  }
}

/** @throws DomainError `staff_link_not_found`, `password_refused` */
@CommandHandler(SetPassword)
export class SetPasswordHandler implements ICommandHandler<SetPassword> {
  constructor(
    private readonly view: ViewPasswordLinkHandler,
    private readonly links: StaffLinkStore,
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly store: PasswordStore,
    private readonly factors: SecondFactors,
    private readonly kept: StaffSessions,
    private readonly sessions: BrowserSessions,
    private readonly activation: UserActivation,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: SetPassword): Promise<Extract<SignedIn, { secret: string }>> {
    const { link, user } = await this.view.find(input.token);
    const { userId } = user;
    assertPassword(input.password, user.email);
    const hash = await this.passwords.hash(normalisePassword(input.password));
    const now = this.clock.now();
    // Of two at once the first one's password is the one that holds.
    if (!(await this.links.use(link.linkId, now))) throw new DomainError('staff_link_not_found');
    await this.store.save(userId, hash, now);
    const credentials = await this.kept.endAll(userId);
    // Hashing took its time: looked at again, now that whatever happens from here on is noticed by the session.
    if ((await this.users.byId(userId))?.status === 'disabled') throw new DomainError('staff_link_not_found');
    if (user.status === 'invited') await this.activation.activate(userId, context);
    const waitsForCode = (await this.factors.find(userId))?.isConfirmed ?? false;
    const secret = await this.sessions.open(userId, { credentials, waitsForCode });
    if (secret === undefined) throw new DomainError('staff_link_not_found');
    return { outcome: waitsForCode ? 'code_needed' : 'signed_in', secret };
  }
}
