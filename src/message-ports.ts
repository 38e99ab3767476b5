/** Binds the ports of messages: texts and what comes back of them, how many go out, and what is known of contacts. */
import type { Provider } from '@nestjs/common';
import type pg from 'pg';
import { MessageSettings } from './application/messages/message-settings.js';
import { MessageUses } from './application/messages/message-uses.js';
import { Clock, Texter } from './application/ports.js';
import { BranchMail } from './application/documents.js';
import { TextDirectory, TextNoticeReader, TextNotices } from './application/texts/text-notices.js';
import type { Config } from './infrastructure/config.js';
import { isLoopbackUrl } from './infrastructure/config-values.js';
import { PortalBranchMail } from './infrastructure/messages/portal-branch-mail.js';
import { PgMessageUses } from './infrastructure/postgres/pg-message-uses.js';
import { PgSql } from './infrastructure/postgres/pg-sql.js';
import { PgTextDirectory } from './infrastructure/postgres/pg-text-directory.js';
import { PgTextNotices } from './infrastructure/postgres/pg-text-notices.js';
import { TwilioNotices } from './infrastructure/sms/twilio-notices.js';
import { TwilioTexter } from './infrastructure/sms/twilio-texter.js';
import { ContactList } from './projections/contacts.js';
import { TextList } from './projections/texts.js';

export function messagePorts({ publicUrl, twilio, messages }: Config): Provider[] {
  const { caps, quietHours, textSegmentsPerDay, textsPerSecond } = messages;
  const textSender = twilio.from.startsWith('+') ? twilio.from : undefined;
  const settings: MessageSettings = { textSender, quietHours, caps, textSegmentsPerDay };
  // A provider elsewhere cannot reach this machine, and refuses a message that names an address of it.
  const isReachable = !isLoopbackUrl(publicUrl) || isLoopbackUrl(twilio.apiUrl);
  const account = {
    ...twilio,
    textsPerSecond,
    ...(isReachable ? { statusCallback: `${publicUrl}/webhooks/twilio/status` } : {}),
  };
  return [
    { provide: MessageSettings, useValue: settings },
    { provide: TwilioTexter, useFactory: () => new TwilioTexter(account) },
    { provide: Texter, useExisting: TwilioTexter },
    { provide: TextNoticeReader, useFactory: () => new TwilioNotices(twilio.authToken, publicUrl) },
    { provide: BranchMail, useFactory: () => new PortalBranchMail(publicUrl) },
  ];
}

export function messageStores(pool: pg.Pool): Provider[] {
  const sql = new PgSql(pool);
  return [
    { provide: MessageUses, useFactory: () => new PgMessageUses(sql) },
    { provide: TextNotices, inject: [Clock], useFactory: (clock: Clock) => new PgTextNotices(sql, () => clock.now()) },
    { provide: TextList, useFactory: () => new TextList(sql) },
    { provide: TextDirectory, inject: [TextList], useFactory: (texts: TextList) => new PgTextDirectory(texts) },
    { provide: ContactList, useFactory: () => new ContactList(sql) },
  ];
}
