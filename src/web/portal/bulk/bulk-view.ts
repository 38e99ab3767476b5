/** What a bulk sending would do, in words and figures. */
import type { BulkPreviewAnswer } from '../../../application/bulk/preview-bulk-links.js';
import { countOf, skipLines } from '../jobs/job-view.js';

export function previewView(preview: BulkPreviewAnswer, channel: 'email' | 'sms'): object {
  const { invoices, links, messages, recipients, recipientsWithSeveral, recipientsWithoutConsent, skipped, warnings } =
    preview;
  const message = channel === 'email' ? 'email' : 'text message';
  return {
    figures: [
      { label: 'Invoices chosen', value: String(invoices) },
      { label: channel === 'email' ? 'Emails' : 'Text messages', value: String(messages) },
      { label: 'Links in them', value: String(links) },
      { label: 'Recipients', value: String(recipients) },
    ],
    several:
      recipientsWithSeveral === 0
        ? undefined
        : `${countOf(recipientsWithSeveral, 'recipient')} ${recipientsWithSeveral === 1 ? 'has' : 'have'} several invoices. ` +
          (channel === 'email'
            ? 'Each gets one email that lists every invoice with its own link.'
            : 'Each is texted about the one that is due first; the others are skipped.'),
    skipped: skipLines(skipped),
    warnings: warnings.map((warning) =>
      warning.code === 'cap_reached'
        ? `${warning.branchName} may send ${countOf(warning.left ?? 0, 'more link')} in bulk today. The rest is skipped; an administrator of the service can raise the limit.`
        : `Card processing is not set up for ${warning.branchName}. Customers will see their invoice and cannot pay it by card.`,
    ),
    consent:
      recipientsWithoutConsent === 0
        ? undefined
        : `${countOf(recipientsWithoutConsent, 'recipient')} ${recipientsWithoutConsent === 1 ? 'has' : 'have'} not been asked yet: they agreed to be texted. Without the tick they are skipped.`,
    waits: channel === 'sms' ? 'Where it is night for the customer, texts wait until the morning.' : undefined,
    canSend: links > 0,
    button: `Send ${countOf(messages, message)}`,
  };
}
