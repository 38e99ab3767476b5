import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '../command-context.js';
import { Clock } from '../ports.js';
import { BrowserSessions } from './browser-sessions.js';
import { IdentityProvider, ProviderFlows, ProviderRefused } from './identity-provider.js';
import { StaffSessions } from './staff-sessions.js';
import { UserActivation } from './user-activation.js';
import { Users } from './user-view.js';

export const FLOW_LIMIT_MS = 10 * 60_000;

/** Sends a browser to the provider. Answers where, and the state that it has to come back with. */
export class BeginProviderSignIn extends Command<{ readonly url: string; readonly state: string }> {
  constructor(readonly input: { readonly next: string | undefined }) {
    super();
  }
}

/** Takes the provider's answer. A user who is not invited is never made by it. */
export class FinishProviderSignIn extends Command<{ readonly secret: string; readonly next: string | undefined }> {
  constructor(
    /** `state` is what this browser was given, `query` what it came back with. */
    readonly input: { readonly state: string; readonly query: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** @throws ProviderAway */
@CommandHandler(BeginProviderSignIn)
export class BeginProviderSignInHandler implements ICommandHandler<BeginProviderSignIn> {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly flows: ProviderFlows,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: BeginProviderSignIn): Promise<{ url: string; state: string }> {
    const { url, flow } = await this.provider.begin();
    const kept = input.next === undefined ? flow : { ...flow, next: input.next };
    await this.flows.save(kept, new Date(this.clock.now().getTime() + FLOW_LIMIT_MS));
    return { url, state: flow.state };
  }
}

/** @throws ProviderRefused @throws ProviderAway */
@CommandHandler(FinishProviderSignIn)
export class FinishProviderSignInHandler implements ICommandHandler<FinishProviderSignIn> {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly flows: ProviderFlows,
    private readonly users: Users,
    private readonly activation: UserActivation,
    private readonly kept: StaffSessions,
    private readonly sessions: BrowserSessions,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: FinishProviderSignIn): Promise<{ secret: string; next: string | undefined }> {
    const flow = await this.flows.take(input.state, this.clock.now());
    if (!flow) throw new ProviderRefused('The sign-in took too long, or was finished before.');
    const { email, isVerified } = await this.provider.finish(input.query, flow);
    // An address that nobody proved could be anybody's.
    const userId = isVerified ? this.users.idIfAny(email) : undefined;
    if (userId === undefined) throw unknownUser();
    const credentials = await this.kept.credentialsOf(userId);
    const user = await this.users.byId(userId);
    if (!user || user.status === 'disabled') throw unknownUser();
    if (user.status === 'invited') await this.activation.activate(userId, context);
    const secret = await this.sessions.open(userId, { credentials, waitsForCode: false });
    if (secret === undefined) throw unknownUser();
    return { secret, next: flow.next };
  }
}

function unknownUser(): ProviderRefused {
  return new ProviderRefused('There is no user with this proven address.');
}
