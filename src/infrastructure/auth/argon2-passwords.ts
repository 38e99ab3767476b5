import { hash, verify } from '@node-rs/argon2';
import { Passwords } from '../../application/staff/passwords.js';

/** Argon2id (the library's default) at 19 MiB, two passes, one lane. Source: OWASP Password Storage Cheat Sheet. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes in the thread pool of the process; the parameters stand in the hash, so that they can be raised later. */
export class Argon2Passwords extends Passwords {
  /** Of a password that nobody has. */
  private readonly nobody = hash('a password that belongs to nobody at all', PARAMETERS);

  override hash(password: string): Promise<string> {
    return hash(password, PARAMETERS);
  }

  override async matches(kept: string | undefined, password: string): Promise<boolean> {
    const isRight = await verify(kept ?? (await this.nobody), password);
    return kept !== undefined && isRight;
  }
}
