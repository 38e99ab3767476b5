import type { RenderedMessage } from '../documents.js';

/** Emails to staff: of the service itself, not of a branch. */
export abstract class StaffMessages {
  /** The name that they come from. */
  abstract readonly sender: string;
  /** `url` is absent where another provider looks after passwords and the invitation only says where the portal is. */
  abstract link(input: {
    readonly purpose: 'invitation' | 'reset';
    readonly name: string;
    readonly url: string;
    readonly expiresAt: Date;
    readonly setsPassword: boolean;
  }): RenderedMessage['email'];
}
