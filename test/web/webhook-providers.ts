import { randomBytes, randomUUID } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { DeadLetters, type DeadLetter } from '../../src/application/dead-letters/dead-letters.js';
import type { PersonalDataCipher } from '../../src/application/ports.js';
import { WebhookAddresses, WebhookDeliveries, WebhookSecrets } from '../../src/application/webhooks/webhook-ports.js';
import type { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { PgWebhookDeliveries } from '../../src/infrastructure/webhooks/pg-webhook-deliveries.js';
import { PgWebhookSecrets } from '../../src/infrastructure/webhooks/pg-webhook-secrets.js';
import { PublicWebhookAddresses } from '../../src/infrastructure/webhooks/public-addresses.js';

/** Failed jobs that a test puts there. */
export class ListedDeadLetters extends DeadLetters {
  readonly jobs: DeadLetter[] = [];

  override async list(offset: number, limit: number): Promise<readonly DeadLetter[]> {
    await Promise.resolve();
    return this.jobs.slice(offset, offset + limit);
  }

  override async redrive(id: string): Promise<boolean> {
    await Promise.resolve();
    const place = this.jobs.findIndex((job) => job.id === id);
    if (place >= 0) this.jobs.splice(place, 1);
    return place >= 0;
  }

  override async redriveAll(): Promise<number> {
    await Promise.resolve();
    return this.jobs.splice(0).length;
  }
}

/** What webhook endpoints and failed jobs stand on. */
export function webhookProviders(sql: PgSql, cipher: PersonalDataCipher): Provider[] {
  const chance = { uuid: () => randomUUID(), bytes: (count: number) => randomBytes(count) };
  return [
    { provide: WebhookAddresses, useValue: new PublicWebhookAddresses({ allowLoopback: false }) },
    { provide: WebhookDeliveries, useValue: new PgWebhookDeliveries(sql) },
    { provide: WebhookSecrets, useValue: new PgWebhookSecrets(sql, cipher, chance) },
    { provide: DeadLetters, useClass: ListedDeadLetters },
  ];
}
