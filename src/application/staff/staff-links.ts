/** Single-use links of staff. */
export type StaffLinkPurpose = 'invitation' | 'reset' | 'local';

export interface StaffLink {
  readonly linkId: string;
  readonly userId: string;
  readonly purpose: StaffLinkPurpose;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A link that has not been used. */
export interface KeptStaffLink extends StaffLink {
  readonly isMailed: boolean;
}

/** The unguessable part of a link: 256 bits made of its id under a key, so that a message that is tried again is the same. */
export abstract class StaffLinkTokens {
  abstract make(linkId: string): string;
  /** SHA-256, lower-case hex. */
  abstract hash(token: string): string;
}

/** Where links are kept, without what makes them work. */
export abstract class StaffLinkStore {
  /** Durable when it resolves. Links of the same user and purpose made before stop working. */
  abstract save(link: StaffLink, tokenHash: string): Promise<void>;
  /** A link that was not used yet; whether it has run out is for the caller to say. */
  abstract find(by: { readonly tokenHash: string } | { readonly linkId: string }): Promise<KeptStaffLink | undefined>;
  abstract mailed(linkId: string, at: Date): Promise<void>;
  /** Marks it as used. Answers false where somebody else was first. */
  abstract use(linkId: string, at: Date): Promise<boolean>;
  /** Every link of a user stops working. */
  abstract endAll(userId: string, at: Date): Promise<void>;
  /** Links that were promised by email before then, still hold, and were not mailed. */
  abstract owed(before: Date, now: Date): Promise<readonly StaffLink[]>;
}
