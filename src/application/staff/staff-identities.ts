/** Who somebody is at the identity provider. No provider gives the pair to anybody else, as it may an address. */
export interface ProviderSubject {
  readonly issuer: string;
  readonly subject: string;
}

/** `bound`: to each other. `bound_otherwise`: one of the two is. `outdated`: the user's credentials changed, and nothing was bound. */
export type Binding = 'bound' | 'bound_otherwise' | 'outdated';

/** Which subject a user is, from the first sign-in on until an administrator lets the user in anew. */
export abstract class StaffIdentities {
  /** The user that the subject is bound to. */
  abstract userOf(subject: ProviderSubject): Promise<string | undefined>;
  /**
   * Binds a user and a subject where neither is bound yet.
   * @param credentials their version before anything about the user was looked at: nothing is bound where it is another one by now
   */
  abstract bind(userId: string, subject: ProviderSubject, credentials: bigint, at: Date): Promise<Binding>;
  /** Forgets whom the user was bound to. After `StaffSessions.endAll`, no sign-in that began before can bind them again. */
  abstract unbind(userId: string): Promise<void>;
}
