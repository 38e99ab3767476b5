import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ApiKeySecrets, Clock } from '../../application/ports.js';
import { ApiKeyList } from '../../projections/api-keys.js';
import { ApiSettings } from '../api/api-settings.js';
import { HttpProblem } from '../http-problem.js';
import type { Caller } from './caller.js';

/** Tells by its API key who calls. */
@Injectable()
export class ApiKeyCallers {
  private readonly adminKeyHash: string;

  constructor(
    private readonly keys: ApiKeyList,
    private readonly secrets: ApiKeySecrets,
    private readonly clock: Clock,
    settings: ApiSettings,
  ) {
    this.adminKeyHash = this.secrets.hash(settings.adminApiKey);
  }

  /** @throws HttpProblem `unauthenticated` */
  async identify(authorization: string | undefined): Promise<Caller> {
    const key = /^Bearer +(\S(?:.{0,510}\S)?)$/i.exec(authorization ?? '')?.[1];
    if (key === undefined) {
      throw unauthenticated(
        authorization === undefined
          ? 'Send an API key: "Authorization: Bearer <key>".'
          : 'The Authorization header is not of the form "Bearer <key>".',
        'Bearer realm="paylink-ledger"',
      );
    }
    const caller = await this.holderOf(key);
    if (caller) return caller;
    // One answer for all: whether a key was revoked, ran out or never was is nobody's business.
    throw unauthenticated(
      'The API key is unknown, revoked or expired.',
      'Bearer realm="paylink-ledger", error="invalid_token"',
    );
  }

  /** Whether the key of a request that is still being answered opens what it did: the guard looked only once, at its beginning. */
  async stillOpens(request: Request): Promise<boolean> {
    try {
      await this.identify(request.headers.authorization);
      return true;
    } catch (error) {
      if (error instanceof HttpProblem) return false;
      throw error;
    }
  }

  private async holderOf(key: string): Promise<Caller | undefined> {
    const hash = this.secrets.hash(key);
    // Digests of equal length, compared in constant time.
    if (timingSafeEqual(Buffer.from(hash), Buffer.from(this.adminKeyHash)))
      return { kind: 'key', keyId: 'admin', role: 'admin' };
    const found = await this.keys.byHash(hash);
    const now = this.clock.now().getTime();
    if (!found || found.revokedAt || (found.expiresAt && Date.parse(found.expiresAt) <= now)) return undefined;
    const { keyId, role, branchIds } = found;
    return { kind: 'key', keyId, role, ...(branchIds ? { branchIds } : {}) };
  }
}

function unauthenticated(detail: string, challenge: string): HttpProblem {
  return new HttpProblem('unauthenticated', { detail, headers: { 'WWW-Authenticate': challenge } });
}
