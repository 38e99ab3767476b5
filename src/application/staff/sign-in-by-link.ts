import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../ports.js';
import { BrowserSessions } from './browser-sessions.js';
import { StaffLinkStore, StaffLinkTokens } from './staff-links.js';
import { StaffSessions } from './staff-sessions.js';
import { Users } from './user-view.js';

/** Signs in by the link that a start on stand-ins prints for its own machine. Answers the new session's secret, or nothing. */
export class SignInByLink extends Command<string | undefined> {
  constructor(readonly input: { readonly token: string }) {
    super();
  }
}

@CommandHandler(SignInByLink)
export class SignInByLinkHandler implements ICommandHandler<SignInByLink> {
  constructor(
    private readonly links: StaffLinkStore,
    private readonly tokens: StaffLinkTokens,
    private readonly users: Users,
    private readonly kept: StaffSessions,
    private readonly sessions: BrowserSessions,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: SignInByLink): Promise<string | undefined> {
    const now = this.clock.now();
    const link = await this.links.find({ tokenHash: this.tokens.hash(input.token) });
    if (link?.purpose !== 'local' || link.expiresAt <= now) return undefined;
    const credentials = await this.kept.credentialsOf(link.userId);
    const user = await this.users.byId(link.userId);
    if (user?.status !== 'active') return undefined;
    if (!(await this.links.use(link.linkId, now))) return undefined;
    return this.sessions.open(user.userId, { credentials, waitsForCode: false });
  }
}
