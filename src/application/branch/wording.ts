/** Which words a customer's message has: the branch's in their language, else the default ones. */
import type { Branch } from '../../domain/branch/decider.js';
import type { InvoiceLinkMessage } from '../../domain/branch/events.js';
import type { MessageTemplates } from '../documents.js';

export function wordingFor(branch: Branch, locale: string, templates: MessageTemplates): InvoiceLinkMessage {
  const language = new Intl.Locale(locale).language;
  return branch.invoiceLinkMessages.get(language) ?? templates.defaultInvoiceLink(language);
}
