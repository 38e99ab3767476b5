import type { z } from 'zod';
import type { BranchView } from '../../application/branch/branch-view.js';
import type { MessageChange } from '../../application/branch/get-message-history.js';
import { MESSAGE_PLACEHOLDERS } from '../../application/branch/placeholders.js';
import type { messageBody, messageHistory, messageKind, messageWording } from './schemas/messages.js';

export type MessageBody = z.infer<typeof messageBody>;
type Wording = z.infer<typeof messageWording>;

/** A message as it is in use, and everything that may stand in it. */
export function toMessage(
  branch: BranchView,
  kind: z.infer<typeof messageKind>,
  language: string,
  standard: Wording,
): MessageBody {
  const own = branch.messages[kind][language];
  return {
    kind,
    language,
    customized: own !== undefined,
    ...wordingBody(own ?? standard),
    placeholders: Object.entries(MESSAGE_PLACEHOLDERS[kind]).map(([name, description]) => ({ name, description })),
    revision: String(branch.revision),
  };
}

export function toHistory(changes: readonly MessageChange[]): z.infer<typeof messageHistory> {
  return {
    items: changes.map(({ what, language, message, outcome, actor, at, revision }) => ({
      what,
      language,
      message: message === undefined ? null : wordingBody(message),
      outcome: outcome ?? null,
      actor,
      at,
      revision: String(revision),
    })),
  };
}

function wordingBody({ email, sms }: Wording): Wording {
  return { email: { subject: email.subject, body: email.body }, sms: { body: sms.body } };
}

export function languageOf({ details }: BranchView): string {
  return new Intl.Locale(details.locale).language;
}
