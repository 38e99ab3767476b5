/** An identity provider on this machine: discovery, authorisation, tokens and keys, as OpenID Connect Core 1.0 has them. */
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Identity {
  readonly sub?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
}

export interface OidcProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who is signed in at the provider. */
  identity: Identity;
  /** Who else was, by the code that they came back with. */
  readonly identities: Map<string, Identity>;
  /** What the next token says against the rules. */
  spoil: { nonce?: string; aud?: string; iss?: string; exp?: number; auth_time?: number };
  stop(): Promise<void>;
}

interface Grant {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
  /** In seconds since 1970; said where `max_age` was asked for. */
  readonly authTime?: number;
}

const MINUTE_SECONDS = 60;

export async function startOidcProvider(): Promise<OidcProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' };
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OidcProvider = {
    issuer,
    clientId: 'paylink',
    clientSecret: 'a-client-secret',
    identity: {},
    identities: new Map(),
    spoil: {},
    stop: () => new Promise((stopped) => server.close(() => stopped())),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    if (url.pathname === '/.well-known/openid-configuration') send(response, 200, discovery(issuer));
    else if (url.pathname === '/jwks') send(response, 200, { keys: [jwk] });
    else if (url.pathname === '/authorize') authorize(url.searchParams, response);
    else if (url.pathname === '/token') token(new URLSearchParams(await text(request)), response);
    else send(response, 404, {});
  }

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const get = (name: string): string => asked.get(name) ?? '';
    if (get('code_challenge_method') !== 'S256' || get('client_id') !== provider.clientId) {
      send(response, 400, { error: 'invalid_request' });
      return;
    }
    const code = randomUUID();
    grants.set(code, {
      challenge: get('code_challenge'),
      nonce: get('nonce'),
      redirectUri: get('redirect_uri'),
      ...(asked.has('max_age') ? { authTime: Math.floor(Date.now() / 1000) } : {}),
    });
    const back = new URL(get('redirect_uri'));
    back.search = new URLSearchParams({ code, state: get('state') }).toString();
    response.writeHead(302, { Location: back.href }).end();
  }

  function token(asked: URLSearchParams, response: ServerResponse): void {
    const code = asked.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      grant?.challenge === challenge &&
      grant.redirectUri === asked.get('redirect_uri') &&
      asked.get('client_secret') === provider.clientSecret;
    if (!isRight) {
      send(response, 400, { error: 'invalid_grant' });
      return;
    }
    const now = Math.floor(Date.now() / 1000);
    const { nonce, authTime } = grant;
    const said = authTime === undefined ? {} : { auth_time: authTime };
    const standard = { iss: issuer, aud: provider.clientId, sub: 'somebody', nonce, ...said };
    const identity = provider.identities.get(code) ?? provider.identity;
    const claims = { ...standard, iat: now, exp: now + MINUTE_SECONDS, ...identity, ...provider.spoil };
    const idToken = signed(claims);
    send(response, 200, { access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, id_token: idToken });
  }

  function signed(claims: object): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part(claims)}`;
    return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`;
  }

  return provider;
}

function discovery(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
