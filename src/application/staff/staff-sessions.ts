/** Sessions of browsers as they are kept, by the SHA-256 of their secret: whoever reads the table can open none. */
export interface StaffSession {
  readonly userId: string;
  /** The version of the user's credentials when the sign-in began: see `credentialsOf`. */
  readonly credentials: bigint;
  /** The password was right and the second factor is still to come: opens nothing but the page that asks for it. */
  readonly waitsForCode: boolean;
  readonly createdAt: Date;
  readonly seenAt: Date;
  /** When the second factor was given last. */
  readonly confirmedAt: Date | undefined;
  /** Another provider was made to ask who it is when the session began. */
  readonly isProvenAnew: boolean;
}

export abstract class StaffSessions {
  /**
   * The version of what a user signs in with. Every `endAll` makes another: asked for before anything about a user is looked at, it
   * tells afterwards whether what was looked at still holds.
   */
  abstract credentialsOf(userId: string): Promise<bigint>;
  /** Answers false, and keeps nothing, where the user's credentials are of another version by now. */
  abstract save(hash: string, session: StaffSession): Promise<boolean>;
  /** A session of the present version. */
  abstract find(hash: string): Promise<StaffSession | undefined>;
  abstract seen(hash: string, at: Date): Promise<void>;
  abstract confirmed(hash: string, at: Date): Promise<void>;
  abstract end(hash: string): Promise<void>;
  /** Ends all sessions of a user but perhaps one, and those that are about to begin. Answers the version from now on. */
  abstract endAll(userId: string, except?: string): Promise<bigint>;
}
