/** The lines of links: how they went out, who opened them, what customers answered. */
import { dateWords } from '../portal-formats.js';
import { details, way, type Lines } from './timeline-line.js';

const PURPOSES = {
  bulk: ', with many others',
  reminder: ', as a reminder',
  renewal: ', in place of an old one',
} as const;
const EVIDENCE = {
  interaction: 'They touched, scrolled or typed on the page.',
  dwell: 'The page was before them for ten seconds.',
  download: 'They downloaded the document.',
  pay: 'They went to pay.',
} as const;
const RENEWALS = {
  issued: 'The customer asked for a fresh link and got one',
  contact_changed:
    'The customer asked for a fresh link; none was sent, since the customer’s address is another one by now. Send one yourself.',
  revoked:
    'Somebody asked for a fresh link; none was sent, since the old one was revoked. Send one to the right person yourself.',
  no_recipient:
    'Somebody asked for a fresh link; none was sent, since the old one was copied and went to nobody in particular.',
} as const;

export const LINK_LINES: Lines<
  | 'LinkIssued'
  | 'LinkSent'
  | 'LinkSendFailed'
  | 'LinkDelivered'
  | 'LinkBounced'
  | 'LinkOpened'
  | 'LinkRevoked'
  | 'CustomerReplied'
  | 'ReminderScheduled'
  | 'LinkRenewalRequested'
> = {
  LinkIssued: ({ channel, recipient, purpose, sendAt, sendAtLocal, expiresAt }, _about, { exact }) => {
    const why = purpose === undefined ? '' : PURPOSES[purpose];
    return {
      what: channel === 'none' ? 'Link copied' : `Link asked for ${way({ channel, recipient })}${why}`,
      tone: 'calm',
      details: details({
        'Goes out': sendAt && exact(sendAt),
        'Asked for as': sendAtLocal && `${sendAtLocal.local.replace('T', ' ')}, ${sendAtLocal.timeZone}`,
        Expires: exact(expiresAt),
      }),
    };
  },
  LinkSent: ({ messageId, providerId }, { link }) => ({
    what: `Sent ${way(link)}`,
    tone: 'calm',
    details: details({
      'What that means':
        link?.channel === 'email'
          ? 'The mail server took it. Where it gives the message back later, nobody reports that here.'
          : undefined,
      Message: messageId,
      'Provider’s id': providerId,
    }),
  }),
  LinkSendFailed: ({ reason, code }, { link }) => ({
    what: `Not sent ${way(link)}: ${reason}`,
    tone: 'bad',
    details: details({ Code: code }),
  }),
  LinkDelivered: ({ at, providerId }, { link }, { exact }) => ({
    what: `Delivered ${way(link)}`,
    tone: 'good',
    details: details({ 'Reported for': exact(at), 'Provider’s id': providerId }),
  }),
  LinkBounced: ({ reason, code }, { link }) => ({
    what: `Came back ${way(link)}: ${reason}`,
    tone: 'bad',
    details: details({ Code: code, 'What to do': 'Ask the customer for another address, and send a new link.' }),
  }),
  LinkOpened: ({ evidence, browser }, { link }) => ({
    what: `Opened, from the link ${way(link)}`,
    tone: 'good',
    details: details({ 'How that is known': EVIDENCE[evidence], Browser: browser.userAgent }),
  }),
  LinkRevoked: (_data, { link }) => ({ what: `Link revoked that went ${way(link)}`, tone: 'warn' }),
  CustomerReplied: ({ text, receivedAt }, { link }, { exact }) => ({
    what: `The customer answered${link?.recipient === undefined ? '' : ` from ${link.recipient}`}`,
    tone: 'warn',
    quote: text,
    details: details({ Received: exact(receivedAt) }),
  }),
  ReminderScheduled: ({ when, days, on }) => ({
    what: `Reminder, ${days === 1 ? '1 day' : `${days} days`} ${when === 'before_due' ? 'before' : 'after'} the due date`,
    tone: 'calm',
    details: details({ For: dateWords(on) }),
  }),
  LinkRenewalRequested: ({ outcome, requestedAt }, { link }, { exact }) => ({
    what: RENEWALS[outcome],
    tone: outcome === 'issued' ? 'calm' : 'warn',
    details: details({ 'The old link went': link && way(link), Asked: exact(requestedAt) }),
  }),
};
