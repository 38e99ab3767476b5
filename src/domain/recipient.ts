/** Whom a message goes to. One message has one recipient, and an address that could be read in two ways is refused. */
import { DomainError } from './errors.js';
import { assertNoCardNumber } from './free-text.js';

const MAX_ADDRESS = 254;
const MAX_LOCAL_PART = 64;
const MAX_LABEL = 63;
/** Dot-separated atoms of RFC 5322. Quoted local parts are allowed there, used by nobody, and read differently by servers. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const TOP_LEVEL = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * One email address as mail servers compare it: without surrounding spaces, its domain in lower case. The local part keeps its
 * case, which only its own server may judge.
 *
 * @throws DomainError `invalid_recipient` with `channel` and, in words, the `reason` and how to mend it; the address itself is
 * not repeated; `card_number_in_text` where a card number stands for the mailbox.
 */
export function normaliseEmail(text: string): string {
  // Said first, because a line break at an end would vanish with the spaces there.
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) {
    refuse('It contains a line break or another control character. Give the address alone.');
  }
  const address = text.trim();
  if (address === '') {
    refuse('It is empty. Give an address such as name@example.com.');
  }
  if (/[\s,;<>]/.test(address)) {
    refuse('It must be one bare address: no list, no name beside it, no spaces. Send to each recipient separately.');
  }
  if (/[^\x21-\x7e]/.test(address)) {
    // Letters of other scripts can look like Latin ones, and the mail would go to somebody else.
    refuse('It contains characters outside ASCII. Write the domain of such an address in its ASCII form (xn--…).');
  }
  if (address.length > MAX_ADDRESS) {
    refuse(`It is longer than ${MAX_ADDRESS} characters.`);
  }
  const at = address.lastIndexOf('@');
  if (at < 0) {
    refuse('It has no @.');
  }
  const localPart = address.slice(0, at);
  if (localPart.length > MAX_LOCAL_PART || !LOCAL_PART.test(localPart)) {
    refuse('What stands before the @ is not a mailbox name.');
  }
  assertNoCardNumber('email', localPart);
  return `${localPart}@${domainOf(address.slice(at + 1))}`;
}

function domainOf(text: string): string {
  const domain = text.toLowerCase();
  const labels = domain.split('.');
  const isDomain =
    labels.length >= 2 &&
    labels.every((label) => label.length <= MAX_LABEL && LABEL.test(label)) &&
    TOP_LEVEL.test(labels.at(-1)!);
  if (!isDomain) {
    refuse('What stands after the @ is not a domain such as example.com.');
  }
  return domain;
}

function refuse(reason: string): never {
  throw new DomainError('invalid_recipient', { channel: 'email', reason });
}
