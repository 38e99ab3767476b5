import type { ProviderSubject } from './staff-identities.js';

/** Another provider of identities, where one looks after the sign-in of staff. */
export interface ProviderFlow {
  /** Comes back with the browser; unguessable. */
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE: proves that who began is who finishes. */
  readonly verifier: string;
  /** The page of the portal that was asked for. */
  readonly next?: string;
  /** The provider is to ask who it is, even where it has a session of its own. */
  readonly isAnew?: boolean;
}

export interface ProvenIdentity extends ProviderSubject {
  /** Absent where the provider tells none, or does not say that it is proved. */
  readonly verifiedEmail: string | undefined;
  /** They proved who they are within the time of a flow; a session of the provider's was not enough. */
  readonly isProvenAnew: boolean;
}

/** The provider said no, or what came back is not what was asked for. */
export class ProviderRefused extends Error {
  override readonly name: string = 'ProviderRefused';
}

/** Whose address this is signed in as somebody else at the provider before: the address may have been given away since. */
export class ProvenAsAnother extends ProviderRefused {
  override readonly name = 'ProvenAsAnother';
}

/** The provider does not answer. */
export class ProviderAway extends Error {
  override readonly name = 'ProviderAway';
}

/** Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636). */
export abstract class IdentityProvider {
  /**
   * Where the browser goes.
   * @param isAnew asks who it is, even where the provider has a session of its own
   * @throws ProviderAway
   */
  abstract begin(isAnew: boolean): Promise<{ readonly url: string; readonly flow: ProviderFlow }>;
  /** @param query of the address that the browser came back to @throws ProviderRefused @throws ProviderAway */
  abstract finish(query: string, flow: ProviderFlow): Promise<ProvenIdentity>;
}

/** Flows between the redirect there and the one back, shared by all processes. */
export abstract class ProviderFlows {
  abstract save(flow: ProviderFlow, expiresAt: Date): Promise<void>;
  /** Takes it out: an answer counts once. Nothing where it is not known or has run out. */
  abstract take(state: string, now: Date): Promise<ProviderFlow | undefined>;
}
