/** Which words a customer's message has: the branch's in their language, else the default ones. */
import type { Branch } from '../../domain/branch/decider.js';
import type { MessageKind, MessageWording } from '../../domain/branch/events.js';
import type { MessageTemplates } from '../documents.js';

export function wordingFor(
  branch: Branch,
  kind: MessageKind,
  locale: string,
  templates: MessageTemplates,
): MessageWording {
  const { language } = new Intl.Locale(locale);
  return branch.messages.worded[kind].get(language) ?? templates.defaultWording({ kind, language });
}
