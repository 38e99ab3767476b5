/**
 * What is edited of a branch at a time. Two people who change different parts are not in each other's way; who changes a part that
 * somebody else changed since it was looked at is told so.
 */
import canonicalize from 'canonicalize';
import { branchDecider, type BranchState } from '../../domain/branch/decider.js';
import type { BranchDetails, BranchEvent, CardProcessing, MessageKind } from '../../domain/branch/events.js';
import { fold, type RecordedEvent } from '../../domain/decider.js';
import { DomainError } from '../../domain/errors.js';

export type BranchPart = 'details' | 'senders' | 'logo' | 'fees' | 'reminders' | 'card' | `${MessageKind}/${string}`;

/** A part as it was looked at. */
export interface SeenPart {
  readonly part: BranchPart;
  /** The revision of the branch then. */
  readonly revision: bigint;
}

/** The fields of a part, by name; what is absent is not set. */
export type PartFields = Readonly<Record<string, unknown>>;

const DETAILS: Readonly<Record<'details' | 'senders' | 'logo', readonly (keyof BranchDetails)[]>> = {
  details: [
    ...(['name', 'address', 'country', 'region', 'timeZone', 'locale', 'telephone', 'otherWaysToPay'] as const),
    ...(['colour', 'privacyUrl', 'termsUrl'] as const),
  ],
  senders: ['replyTo', 'emailFrom', 'smsSender'],
  logo: ['logo'],
};

export function partFields(branch: BranchState, part: BranchPart): PartFields {
  if (branch.status === 'absent') return {};
  switch (part) {
    case 'details':
    case 'senders':
    case 'logo':
      return Object.fromEntries(DETAILS[part].map((field) => [field, branch.details[field]]));
    case 'fees':
      return { ...branch.feePolicy?.policy };
    case 'reminders':
      return { ...branch.reminders };
    case 'card':
      return cardFields(branch.cardProcessing);
    default: {
      const [kind, language] = part.split('/') as [MessageKind, string];
      const words = branch.messages.worded[kind].get(language);
      return { 'email.subject': words?.email.subject, 'email.body': words?.email.body, 'sms.body': words?.sms.body };
    }
  }
}

/** By which endpoint notices come is nobody's choice, and no change to be told of. */
function cardFields(processing: CardProcessing | undefined): PartFields {
  switch (processing?.mode) {
    case undefined:
      return {};
    case 'platform':
      return { mode: processing.mode };
    case 'keys': {
      const { mode, publishableKey, secretFingerprint, secretEndsWith } = processing;
      return { mode, publishableKey, secretKey: `…${secretEndsWith} (${secretFingerprint})` };
    }
    case 'connect':
      return { mode: processing.mode, account: processing.accountId };
  }
}

/** The branch as it was at a revision. */
export function branchAtRevision(events: readonly RecordedEvent<BranchEvent>[], revision: bigint): BranchState {
  return fold(
    branchDecider,
    events.filter((event) => event.revision <= revision),
  );
}

/** Refuses what was decided on a part that is no longer as it was seen. */
export function guardSeen(events: readonly RecordedEvent<BranchEvent>[], { part, revision }: SeenPart) {
  const seen = canonicalize(partFields(branchAtRevision(events, revision), part));
  return (state: BranchState): void => {
    if (canonicalize(partFields(state, part)) !== seen) throw new DomainError('version_changed');
  };
}
