import { Secret, TOTP } from 'otpauth';
import { OneTimeCodes } from '../../application/staff/second-factors.js';

const ISSUER = 'Paylink Ledger';
const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
/** A telephone's clock may be half a minute off. */
const WINDOW = 1;

/** RFC 6238 with the parameters that every authenticator app takes for granted. */
export class TotpCodes extends OneTimeCodes {
  override newSecret(): string {
    return new Secret({ size: SECRET_BYTES }).base32;
  }

  override address(secret: string, email: string): string {
    return totp(secret, email).toString();
  }

  override stepOf(secret: string, code: string, now: Date): bigint | undefined {
    if (!/^\d{6}$/.test(code)) return undefined;
    const timestamp = now.getTime();
    const delta = totp(secret).validate({ token: code, timestamp, window: WINDOW });
    return delta === null ? undefined : BigInt(Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta);
  }
}

function totp(secret: string, label = ISSUER): TOTP {
  return new TOTP({ issuer: ISSUER, label, secret: Secret.fromBase32(secret), period: PERIOD_SECONDS });
}
