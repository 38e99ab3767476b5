/** What messages need, for the API's world: the tables are real, the providers of mail and texts are played. */
import type { Provider } from '@nestjs/common';
import { MessageSettings } from '../../src/application/messages/message-settings.js';
import { MessageUses } from '../../src/application/messages/message-uses.js';
import { Clock, JobQueue, Mailer, Texter } from '../../src/application/ports.js';
import { BranchMail } from '../../src/application/documents.js';
import { TextDirectory, TextNoticeReader, TextNotices } from '../../src/application/texts/text-notices.js';
import { PgMessageUses } from '../../src/infrastructure/postgres/pg-message-uses.js';
import type { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { PgTextDirectory } from '../../src/infrastructure/postgres/pg-text-directory.js';
import { PgTextNotices } from '../../src/infrastructure/postgres/pg-text-notices.js';
import { TwilioNotices } from '../../src/infrastructure/sms/twilio-notices.js';
import { TextList } from '../../src/projections/texts.js';
import { FakeMailer, FakeTexter } from '../support/doubles/messages.js';
import { MemoryQueue } from '../support/doubles/stores.js';
import { DefaultMessageSettings, PlainBranchMail } from '../support/doubles/texts.js';

export const TWILIO_AUTH_TOKEN = 'cd'.repeat(16);

export function messageProviders(sql: PgSql, now: () => Date): Provider[] {
  const settings = new DefaultMessageSettings();
  settings.caps = { numberPerDay: 1_000, invoicePerDay: 1_000, staffPerHour: 1_000 };
  return [
    { provide: MessageSettings, useValue: settings },
    { provide: MessageUses, useValue: new PgMessageUses(sql) },
    { provide: TextNotices, useValue: new PgTextNotices(sql, now) },
    { provide: TextDirectory, useValue: new PgTextDirectory(new TextList(sql)) },
    { provide: TextNoticeReader, useValue: new TwilioNotices(TWILIO_AUTH_TOKEN, 'http://localhost:3000') },
    { provide: BranchMail, useClass: PlainBranchMail },
    { provide: Mailer, useValue: new FakeMailer() },
    { provide: Texter, inject: [Clock], useFactory: (clock: Clock) => new FakeTexter(clock) },
    { provide: JobQueue, useValue: new MemoryQueue() },
  ];
}
