/** What signing in needs to know of the configuration. Filled in where the service is wired. */
export abstract class StaffSettings {
  /** Whether keys and fees need a second factor of everybody; otherwise only of those who have set one up. */
  abstract readonly secondFactorRequired: boolean;
  /** The sign-in is another provider's: there are no passwords then. */
  abstract readonly withProvider: boolean;
  /** Whether the sign-in that the start prints is taken, from this machine. */
  abstract readonly localSignIn: boolean;
}
