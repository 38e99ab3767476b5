import * as client from 'openid-client';
import {
  IdentityProvider,
  ProviderAway,
  ProviderRefused,
  type ProvenIdentity,
  type ProviderFlow,
} from '../../application/staff/identity-provider.js';

const TIMEOUT_SECONDS = 10;
/** How long a flow may take: whoever proves who they are in its course did so no longer ago. */
const ANEW_SECONDS = 600;
/** As long as OpenID Connect allows, and characters that can be kept. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the browser comes back to. */
  readonly redirectUri: string;
}

/** OpenID Connect by discovery. The provider is asked what it can do at the first sign-in, and again after it was away. */
export class OidcIdentityProvider extends IdentityProvider {
  private known: Promise<client.Configuration> | undefined;

  /** @param settings absent where staff sign in with passwords: then nobody is sent anywhere */
  constructor(private readonly settings: OidcSettings | undefined) {
    super();
  }

  override async begin(isAnew: boolean): Promise<{ url: string; flow: ProviderFlow }> {
    const configuration = await this.configuration();
    const { redirectUri } = this.given();
    const verifier = client.randomPKCECodeVerifier();
    const flow = { state: client.randomState(), nonce: client.randomNonce(), verifier, isAnew };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: flow.state,
      nonce: flow.nonce,
      ...(isAnew ? { max_age: '0' } : {}),
    });
    return { url: url.href, flow };
  }

  override async finish(query: string, flow: ProviderFlow): Promise<ProvenIdentity> {
    const configuration = await this.configuration();
    const cameBackTo = new URL(this.given().redirectUri);
    cameBackTo.search = query;
    try {
      const tokens = await client.authorizationCodeGrant(configuration, cameBackTo, {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
        // A browser may leave "max_age" out on its way; the token says when it was, and has to (OpenID Connect Core 3.1.2.1).
        ...(flow.isAnew ? { maxAge: ANEW_SECONDS } : {}),
      });
      const claims = tokens.claims();
      if (!claims || !SUBJECT.test(claims.sub)) throw new ProviderRefused('The provider does not say who it is.');
      return {
        issuer: claims.iss,
        subject: claims.sub,
        verifiedEmail: verifiedEmail(claims),
        isProvenAnew: flow.isAnew ?? false,
      };
    } catch (error) {
      if (error instanceof ProviderRefused) throw error;
      if (isAway(error)) throw new ProviderAway('The identity provider does not answer.', { cause: error });
      throw new ProviderRefused('The identity provider did not confirm the sign-in.', { cause: error });
    }
  }

  private given(): OidcSettings {
    if (!this.settings) throw new ProviderRefused('No identity provider is configured.');
    return this.settings;
  }

  private configuration(): Promise<client.Configuration> {
    this.given();
    this.known ??= this.discover().catch((error: unknown) => {
      this.known = undefined;
      throw new ProviderAway('The identity provider does not answer.', { cause: error });
    });
    return this.known;
  }

  private discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.given();
    const server = new URL(issuer);
    // Plain http is for a provider on this machine; the configuration takes no other.
    const execute = server.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    return client.discovery(server, clientId, clientSecret, undefined, { timeout: TIMEOUT_SECONDS, execute });
  }
}

function verifiedEmail({ email, email_verified: isVerified }: client.IDToken): string | undefined {
  return typeof email === 'string' && isVerified === true ? email : undefined;
}

function isAway(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    (error instanceof Error && /timeout|TimeoutError|fetch failed/i.test(`${error.name} ${error.message}`))
  );
}
