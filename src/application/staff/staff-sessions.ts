/** Sessions of browsers as they are kept, by the SHA-256 of their secret: whoever reads the table can open none. */
export interface StaffSession {
  readonly userId: string;
  /** The password was right and the second factor is still to come: opens nothing but the page that asks for it. */
  readonly waitsForCode: boolean;
  readonly createdAt: Date;
  readonly seenAt: Date;
  /** When the second factor was given last. */
  readonly confirmedAt: Date | undefined;
}

export abstract class StaffSessions {
  abstract save(hash: string, session: StaffSession): Promise<void>;
  abstract find(hash: string): Promise<StaffSession | undefined>;
  abstract seen(hash: string, at: Date): Promise<void>;
  abstract confirmed(hash: string, at: Date): Promise<void>;
  abstract end(hash: string): Promise<void>;
  /** Ends all sessions of a user but perhaps one. */
  abstract endAll(userId: string, except?: string): Promise<void>;
}
