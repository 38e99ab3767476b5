import { Injectable } from '@nestjs/common';
import type { RenderedMessage } from '../../application/documents.js';
import { StaffMessages } from '../../application/staff/staff-messages.js';
import { wordsFor } from '../../application/words/words.js';
import type { BranchDetails } from '../../domain/branch/events.js';
import { renderEmail, type Paragraph } from './email-layout.js';

const LOCALE = 'en-US';
const SENDER = 'Paylink Ledger';
/** The layout is that of a branch's emails; this is the service speaking for itself. */
const SERVICE: BranchDetails = { name: SENDER, timeZone: 'UTC', currency: 'USD', locale: LOCALE, country: 'US' };

/** Emails to staff, in English as the portal is. */
@Injectable()
export class EmailStaffMessages extends StaffMessages {
  override readonly sender = SENDER;

  override link(input: Parameters<StaffMessages['link']>[0]): RenderedMessage['email'] {
    const { purpose, name, url, expiresAt, setsPassword } = input;
    const isInvitation = purpose === 'invitation';
    const until = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
    const limit = setsPassword ? [`Works once, until ${until.format(expiresAt)} UTC`] : [];
    return renderEmail({
      words: wordsFor(LOCALE),
      branch: SERVICE,
      subject: isInvitation ? 'Your invitation to Paylink Ledger' : 'Choose a new password for Paylink Ledger',
      preheader: isInvitation
        ? 'Find invoices, send pay links, see what was paid'
        : 'The link works once, for one hour',
      note: undefined,
      before: [
        words(`Hello ${oneLine(name)},`),
        words(
          isInvitation
            ? 'You are invited to the staff portal of Paylink Ledger.'
            : 'Somebody asked for a new password for this address. If it was not you, do nothing: the present one stays.',
        ),
      ],
      panel: {
        label: isInvitation ? 'Your account' : 'Your password',
        amount: isInvitation ? 'Staff portal' : 'Choose a new one',
        details: limit,
        quiet: undefined,
      },
      button: { label: buttonLabel(isInvitation, setsPassword), url },
      items: [],
      after: isInvitation ? [] : [words('All browsers that are signed in will have to sign in again.')],
      footer: [
        isInvitation
          ? 'You get this email because an administrator made an account for this address.'
          : 'You get this email because a new password was asked for on the sign-in page.',
      ],
    });
  }
}

function buttonLabel(isInvitation: boolean, setsPassword: boolean): string {
  if (!isInvitation) return 'Choose a new password';
  return setsPassword ? 'Choose a password' : 'Sign in';
}

function words(text: string): Paragraph {
  return [{ text, br: false, url: undefined }];
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
