import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '../command-context.js';
import { Clock } from '../ports.js';
import { BrowserSessions } from './browser-sessions.js';
import {
  IdentityProvider,
  ProvenAsAnother,
  ProviderFlows,
  ProviderRefused,
  type ProvenIdentity,
} from './identity-provider.js';
import { StaffIdentities } from './staff-identities.js';
import { StaffSessions } from './staff-sessions.js';
import { UserActivation } from './user-activation.js';
import { Users } from './user-view.js';

export const FLOW_LIMIT_MS = 10 * 60_000;

/** Sends a browser to the provider. Answers where, and the state that it has to come back with. */
export class BeginProviderSignIn extends Command<{ readonly url: string; readonly state: string }> {
  constructor(readonly input: { readonly next: string | undefined; readonly isAnew: boolean }) {
    super();
  }
}

/**
 * Takes the provider's answer. Who signs in first with the proved address of a user is that user from then on, whatever the address
 * is by then. A user who is not invited is never made by it.
 */
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
    const { url, flow } = await this.provider.begin(input.isAnew);
    const kept = input.next === undefined ? flow : { ...flow, next: input.next };
    await this.flows.save(kept, new Date(this.clock.now().getTime() + FLOW_LIMIT_MS));
    return { url, state: flow.state };
  }
}

/** @throws ProviderRefused @throws ProvenAsAnother @throws ProviderAway */
@CommandHandler(FinishProviderSignIn)
export class FinishProviderSignInHandler implements ICommandHandler<FinishProviderSignIn> {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly flows: ProviderFlows,
    private readonly identities: StaffIdentities,
    private readonly users: Users,
    private readonly activation: UserActivation,
    private readonly kept: StaffSessions,
    private readonly sessions: BrowserSessions,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: FinishProviderSignIn): Promise<{ secret: string; next: string | undefined }> {
    const flow = await this.flows.take(input.state, this.clock.now());
    if (!flow) throw new ProviderRefused('The sign-in took too long, or was finished before.');
    const identity = await this.provider.finish(input.query, flow);
    const boundTo = await this.identities.userOf(identity);
    const userId = boundTo ?? this.byAddress(identity);
    if (userId === undefined) throw unknownUser();
    const credentials = await this.kept.credentialsOf(userId);
    const user = await this.users.byId(userId);
    if (!user || user.status === 'disabled') throw unknownUser();
    if (boundTo === undefined) await this.bind(userId, identity, credentials);
    // Looked at again, now that the user is known to be let in: who was disabled in between is bound no more.
    else if ((await this.identities.userOf(identity)) !== userId) throw unknownUser();
    if (user.status === 'invited') await this.activation.activate(userId, context);
    const { isProvenAnew } = identity;
    const secret = await this.sessions.open(userId, { credentials, waitsForCode: false, isProvenAnew });
    if (secret === undefined) throw unknownUser();
    return { secret, next: flow.next };
  }

  /** An address that nobody proved could be anybody's. */
  private byAddress({ verifiedEmail }: ProvenIdentity): string | undefined {
    return verifiedEmail === undefined ? undefined : this.users.idIfAny(verifiedEmail);
  }

  private async bind(userId: string, identity: ProvenIdentity, credentials: bigint): Promise<void> {
    const binding = await this.identities.bind(userId, identity, credentials, this.clock.now());
    if (binding === 'outdated') throw new ProviderRefused('What the user signs in with changed meanwhile.');
    if (binding === 'bound_otherwise') throw new ProvenAsAnother('The user of this address is another subject.');
  }
}

function unknownUser(): ProviderRefused {
  return new ProviderRefused('There is no user who is this subject, or has this proven address.');
}
