/**
 * Every reason for which a command can be refused. One table in `src/web` gives each a status and a title, and does not
 * compile while one is missing.
 */
export type DomainErrorCode =
  // Malformed values that only the domain can judge.
  | 'invalid_quantity'
  | 'amount_out_of_range'
  | 'total_mismatch'
  | 'invalid_due_date'
  | 'unknown_currency'
  | 'unknown_time_zone'
  | 'card_number_in_text'
  | 'invalid_recipient'
  | 'recipient_missing'
  | 'country_not_allowed'
  | 'template_invalid'
  | 'branch_detail_invalid'
  | 'card_processing_invalid'
  | 'fee_policy_invalid'
  | 'reminders_invalid'
  | 'send_at_invalid'
  | 'fee_not_allowed'
  | 'currency_differs'
  | 'password_refused'
  | 'name_missing'
  | 'webhook_url_not_allowed'
  | 'field_never_changes'
  | 'customer_differs'
  | 'received_in_future'
  | 'payment_not_recorded'
  // Absent, or somebody else's.
  | 'branch_not_found'
  | 'invoice_not_found'
  | 'customer_not_found'
  | 'link_not_found'
  | 'payment_not_found'
  | 'api_key_not_found'
  | 'receipt_not_found'
  | 'job_not_found'
  | 'user_not_found'
  | 'staff_link_not_found'
  | 'webhook_endpoint_not_found'
  | 'webhook_delivery_not_found'
  | 'dead_job_not_found'
  // The same request could succeed in another state.
  | 'number_taken'
  | 'invoice_void'
  | 'invoice_paid'
  | 'payment_in_progress'
  | 'payment_unknown'
  | 'card_processing_not_set_up'
  | 'quote_expired'
  | 'quote_changed'
  | 'link_revoked'
  | 'link_expired'
  | 'link_not_expired'
  | 'renewals_exhausted'
  | 'receipt_emails_exhausted'
  | 'invoice_has_payments'
  | 'user_exists'
  | 'user_disabled'
  | 'last_admin'
  | 'total_below_paid'
  | 'amount_above_balance'
  | 'contact_opted_out'
  | 'text_consent_missing'
  | 'idempotency_key_reused'
  | 'concurrent_change'
  | 'webhook_endpoint_disabled'
  // The same request succeeds later.
  | 'cap_reached'
  // If-Match named a version that is no more.
  | 'version_changed'
  // It never can.
  | 'bulk_empty'
  | 'bulk_too_large'
  | 'too_many_imports'
  | 'consent_missing';

/** A refused command. Carries data, not sentences and no HTTP: `details` says what was wrong in fields that can be shown. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: DomainErrorCode,
    readonly details: Readonly<Record<string, string | number | boolean>> = {},
  ) {
    super(code);
  }
}
