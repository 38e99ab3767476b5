/** What a branch's details have to be, whoever asks for them. */
import { DomainError } from '../errors.js';
import { isCurrency } from '../money.js';
import { normaliseEmail } from '../recipient.js';
import { isTimeZone } from '../zoned-time.js';
import type { BranchDetails } from './events.js';

const SMS_SENDER = /^(?:\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32})$/;
/** A host with a dot and whatever follows, without a user, a space or a quotation mark. */
const WEB_ADDRESS = /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?(?:[/?#][^\s"'<>\\^`{|}]*)?$/i;
const MAX_WEB_ADDRESS = 500;

/**
 * @throws DomainError `unknown_time_zone`, `unknown_currency`, or `branch_detail_invalid` with `field` and, in words, the `reason`
 */
export function checkDetails(details: BranchDetails): void {
  if (!isTimeZone(details.timeZone)) throw new DomainError('unknown_time_zone', { timeZone: details.timeZone });
  if (!isCurrency(details.currency)) throw new DomainError('unknown_currency', { currency: details.currency });
  const { emailFrom, smsSender } = details;
  if (emailFrom !== undefined) checkEmailFrom(emailFrom);
  if (smsSender !== undefined && !SMS_SENDER.test(smsSender)) {
    refuse('smsSender', 'It must be a number such as +12125550100, or the SID of a messaging service (MG…).');
  }
  for (const field of ['privacyUrl', 'termsUrl'] as const) {
    const address = details[field];
    if (address !== undefined && !(address.length <= MAX_WEB_ADDRESS && WEB_ADDRESS.test(address))) {
      refuse(
        field,
        `It must be an address such as https://example.com/privacy, of at most ${MAX_WEB_ADDRESS} characters.`,
      );
    }
  }
}

function checkEmailFrom(address: string): void {
  try {
    normaliseEmail(address);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid_recipient') {
      refuse('emailFrom', String(error.details['reason']));
    }
    throw error;
  }
}

function refuse(field: keyof BranchDetails, reason: string): never {
  throw new DomainError('branch_detail_invalid', { field, reason });
}
