/** Which words a customer's message has: the branch's in their language, else the default ones. */
import type { Branch } from '../../domain/branch/decider.js';
import type { MessageKind, MessageWording } from '../../domain/branch/events.js';
import type { MessageTemplates, WordingChoice } from '../documents.js';

export function wordingFor(
  branch: Branch,
  kind: MessageKind,
  locale: string,
  templates: MessageTemplates,
): MessageWording {
  const { language } = new Intl.Locale(locale);
  return branch.messages.worded[kind].get(language) ?? standardWording(branch, { kind, language }, templates);
}

/** The default words, which promise what the branch can do: payment by card only where that is set up. */
export function standardWording(
  branch: Pick<Branch, 'cardProcessing'>,
  choice: Omit<WordingChoice, 'takesCards'>,
  templates: MessageTemplates,
): MessageWording {
  return templates.defaultWording({ ...choice, takesCards: takesCards(branch) });
}

export function takesCards({ cardProcessing }: Pick<Branch, 'cardProcessing'>): boolean {
  return cardProcessing !== undefined;
}
