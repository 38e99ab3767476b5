/** Another provider of identities, where one looks after the sign-in of staff. */
export interface ProviderFlow {
  /** Comes back with the browser; unguessable. */
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE: proves that who began is who finishes. */
  readonly verifier: string;
  /** The page of the portal that was asked for. */
  readonly next?: string;
}

export interface ProvenIdentity {
  readonly email: string;
  readonly isVerified: boolean;
}

/** The provider said no, or what came back is not what was asked for. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused';
}

/** The provider does not answer. */
export class ProviderAway extends Error {
  override readonly name = 'ProviderAway';
}

/** Authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636). */
export abstract class IdentityProvider {
  /** Where the browser goes. @throws ProviderAway */
  abstract begin(): Promise<{ readonly url: string; readonly flow: ProviderFlow }>;
  /** @param query of the address that the browser came back to @throws ProviderRefused @throws ProviderAway */
  abstract finish(query: string, flow: ProviderFlow): Promise<ProvenIdentity>;
}

/** Flows between the redirect there and the one back, shared by all processes. */
export abstract class ProviderFlows {
  abstract save(flow: ProviderFlow, expiresAt: Date): Promise<void>;
  /** Takes it out: an answer counts once. Nothing where it is not known or has run out. */
  abstract take(state: string, now: Date): Promise<ProviderFlow | undefined>;
}
