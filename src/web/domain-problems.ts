import type { DomainErrorCode } from '../domain/errors.js';

/** What a refused command looks like from outside. */
export interface DomainProblem {
  readonly status: 400 | 404 | 409 | 412 | 422 | 429;
  readonly title: string;
  /** The field of a request that mends it, where it is always the same one and the refusal names none. */
  readonly field?: string;
}

/**
 * Every refusal of the domain and how HTTP says it: 400 for a value that is malformed in itself, 404 for what is absent or
 * another branch's, 409 where the same request could succeed in another state, 412 for a version that is no more, 422 where
 * it never can. A code without a row does not compile.
 */
export const DOMAIN_PROBLEMS: Readonly<Record<DomainErrorCode, DomainProblem>> = {
  webhook_url_not_allowed: { status: 400, title: 'Webhooks go to public https addresses only.' },
  invalid_quantity: {
    status: 400,
    title: 'A quantity is a decimal with up to nine digits before and four after the point.',
  },
  amount_out_of_range: { status: 422, title: 'The amount is outside of what one invoice can be for.', field: 'lines' },
  total_mismatch: {
    status: 422,
    title: 'The expected total differs from the total of the lines and the tax.',
    field: 'expectedTotal',
  },
  invalid_due_date: { status: 422, title: 'The due date lies before the date of issue.', field: 'dueOn' },
  unknown_currency: { status: 422, title: 'The currency is not one of ISO 4217.', field: 'currency' },
  unknown_time_zone: { status: 422, title: 'The time zone is not one of the IANA database.', field: 'timeZone' },
  card_number_in_text: { status: 422, title: 'The text contains a card number. Card numbers never belong here.' },
  invalid_recipient: { status: 422, title: 'The recipient is not an address that a message can be sent to.' },
  recipient_missing: {
    status: 422,
    title: 'There is no recipient: give one in "to", or give the customer an address.',
  },
  country_not_allowed: { status: 422, title: 'Text messages are not sent to numbers of this country.' },
  template_invalid: { status: 422, title: 'The wording of the message cannot be used.' },
  branch_detail_invalid: { status: 422, title: 'A detail of the branch cannot be used.' },
  card_processing_invalid: { status: 422, title: 'Card processing cannot be set up like this.' },
  send_at_invalid: { status: 422, title: 'Nothing can be sent at this time.' },
  reminders_invalid: { status: 422, title: 'The reminders cannot be set like this.' },
  fee_policy_invalid: { status: 422, title: 'The fee policy cannot be used.' },
  fee_not_allowed: { status: 422, title: 'A fee is not allowed where the branch is.' },
  currency_differs: { status: 422, title: 'The currency differs from the currency of the branch.', field: 'currency' },
  field_never_changes: { status: 422, title: 'The branch, the number and the currency of an invoice never change.' },
  customer_differs: { status: 422, title: "The invoice is another customer's. Void it and register a new one." },
  received_in_future: {
    status: 422,
    title: 'The date of receipt lies in the future where the branch is.',
    field: 'receivedOn',
  },
  payment_not_recorded: { status: 422, title: 'A payment by card is refunded, not reversed.' },
  name_missing: { status: 422, title: 'A name is missing.' },
  password_refused: { status: 422, title: 'The password cannot be used.' },

  branch_not_found: { status: 404, title: 'There is no such branch.' },
  invoice_not_found: { status: 404, title: 'There is no such invoice.' },
  customer_not_found: { status: 404, title: 'There is no such customer.' },
  link_not_found: { status: 404, title: 'There is no such link.' },
  payment_not_found: { status: 404, title: 'There is no such payment.' },
  api_key_not_found: { status: 404, title: 'There is no such API key.' },
  receipt_not_found: { status: 404, title: 'There is no such receipt.' },
  job_not_found: { status: 404, title: 'There is no such job.' },
  webhook_endpoint_not_found: { status: 404, title: 'There is no such webhook endpoint.' },
  webhook_delivery_not_found: { status: 404, title: 'There is no such delivery. They are kept for 30 days.' },
  dead_job_not_found: { status: 404, title: 'There is no such failed job. Perhaps it was redriven already.' },
  user_not_found: { status: 404, title: 'There is no such user.' },
  staff_link_not_found: { status: 404, title: 'The link was used before, has run out or never was.' },

  number_taken: { status: 409, title: 'Another invoice of the branch has this number.' },
  invoice_void: { status: 409, title: 'The invoice is void.' },
  invoice_paid: { status: 409, title: 'The invoice is paid.' },
  invoice_has_payments: { status: 409, title: 'The invoice has payments and cannot be voided.' },
  total_below_paid: { status: 409, title: 'The new total is less than what was paid already.' },
  amount_above_balance: { status: 409, title: 'The amount is more than what is still owed.', field: 'amount' },
  user_exists: { status: 409, title: 'There is a user with this email address already.' },
  user_disabled: { status: 409, title: 'The user is disabled.' },
  last_admin: { status: 409, title: 'Nobody else could administer every branch any more.' },
  payment_in_progress: { status: 409, title: 'A payment of the invoice is in progress.' },
  payment_unknown: { status: 409, title: 'A payment of the invoice is still being checked with the bank.' },
  card_processing_not_set_up: { status: 409, title: 'Card processing is not set up for the branch.' },
  quote_expired: { status: 409, title: 'The quote has run out.' },
  quote_changed: { status: 409, title: 'The amounts have changed since the quote was made.' },
  link_revoked: { status: 409, title: 'The link was revoked.' },
  link_not_expired: { status: 409, title: 'The link has not expired. Open it again.' },
  renewals_exhausted: { status: 429, title: 'A fresh link was asked for often enough today.' },
  receipt_emails_exhausted: { status: 429, title: 'The receipt was sent to enough addresses.' },
  link_expired: { status: 409, title: 'The link has expired.' },
  contact_opted_out: { status: 409, title: 'The customer asked for no more texts. Only they can undo that.' },
  text_consent_missing: { status: 409, title: 'Nobody has said yet that the customer agreed to texts.' },
  cap_reached: { status: 429, title: 'So many messages are not sent in so short a time.' },
  idempotency_key_reused: { status: 409, title: 'The Idempotency-Key was used before with a different request.' },
  webhook_endpoint_disabled: { status: 409, title: 'The webhook endpoint is switched off. Enable it first.' },
  concurrent_change: { status: 409, title: 'Somebody else is changing the same thing. Try again.' },

  version_changed: { status: 412, title: 'The thing has changed since the version that If-Match names.' },

  bulk_empty: { status: 422, title: 'No invoice was chosen: the list is empty, or nothing matches the filter.' },
  too_many_imports: {
    status: 429,
    title: 'So many files of yours wait to be read that no more is taken. Wait until one of them has been.',
  },
  bulk_too_large: { status: 422, title: 'These are more invoices than one job takes. Narrow the filter.' },
  consent_missing: { status: 422, title: 'The processing fee was not agreed to.' },
};
