/** Passwords of staff: only their hashes are kept, and no event holds either. */
export abstract class Passwords {
  /** Argon2id with its parameters in the answer. */
  abstract hash(password: string): Promise<string>;
  /** Takes as long where there is no hash: how long an answer took must not tell who has an account. */
  abstract matches(hash: string | undefined, password: string): Promise<boolean>;
}

export abstract class PasswordStore {
  abstract hashOf(userId: string): Promise<string | undefined>;
  abstract save(userId: string, hash: string, at: Date): Promise<void>;
}
