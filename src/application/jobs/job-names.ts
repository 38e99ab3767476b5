/** Names of the jobs as they stand in the queue. */
export const SEND_LINK = 'send-link';
export const MAIL_INVOICE_PDF = 'mail-invoice-pdf';
export const ISSUE_RECEIPT = 'issue-receipt';
export const SEND_RECEIPT = 'send-receipt';
export const SEND_TEST_MESSAGE = 'send-test-message';
export const TELL_BRANCH = 'tell-branch';
export const EMAIL_RECEIPT = 'email-receipt';
export const SETTLE_PAYMENT = 'settle-payment';
export const DELIVER_WEBHOOK = 'deliver-webhook';
export const TAKE_TEXT_NOTICE = 'take-text-notice';
export const MAIL_STAFF_LINK = 'mail-staff-link';
