/** Decides about one address. Its state is what must be known before a message goes to it. */
import { assertNever, type Decider } from '../decider.js';
import { DomainError } from '../errors.js';
import type {
  ContactEvent,
  ContactOptedIn,
  ContactOptedOut,
  ContactTextConsentRecorded,
  ContactUnreachable,
} from './events.js';

export interface ContactState {
  /** Somebody vouched for the consent to texts, or the customer texted START. */
  readonly textConsent: boolean;
  /** The opt-out that stands. */
  readonly optedOut: ContactOptedOut['data'] | undefined;
  /** The last message that did not arrive. */
  readonly unreachable: ContactUnreachable['data'] | undefined;
}

export type ContactCommand =
  | { readonly type: 'RecordTextConsent'; readonly data: ContactTextConsentRecorded['data'] }
  | { readonly type: 'OptOut'; readonly data: ContactOptedOut['data'] }
  | { readonly type: 'OptIn'; readonly data: ContactOptedIn['data'] }
  | { readonly type: 'RecordUnreachable'; readonly data: ContactUnreachable['data'] };

export const contactDecider: Decider<ContactState, ContactCommand, ContactEvent> = {
  initialState: { textConsent: false, optedOut: undefined, unreachable: undefined },
  decide(command, state) {
    switch (command.type) {
      case 'RecordTextConsent':
        // Consent that somebody reports never outweighs a STOP of the customer's own.
        if (state.optedOut) throw new DomainError('contact_opted_out');
        return state.textConsent ? [] : [{ type: 'ContactTextConsentRecorded', data: command.data }];
      case 'OptOut':
        return state.optedOut ? [] : [{ type: 'ContactOptedOut', data: command.data }];
      case 'OptIn':
        return state.optedOut || !state.textConsent ? [{ type: 'ContactOptedIn', data: command.data }] : [];
      case 'RecordUnreachable':
        // News that comes twice or late tells nothing new.
        return state.unreachable && state.unreachable.at >= command.data.at
          ? []
          : [{ type: 'ContactUnreachable', data: command.data }];
      default:
        return assertNever(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ContactTextConsentRecorded':
        return { ...state, textConsent: true };
      case 'ContactOptedOut':
        return { ...state, optedOut: event.data };
      case 'ContactOptedIn':
        return { ...state, textConsent: true, optedOut: undefined };
      case 'ContactUnreachable':
        return { ...state, unreachable: event.data };
      default:
        return assertNever(event);
    }
  },
};
