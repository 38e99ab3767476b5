/** A link for later, on a service that is killed while it waits, and once more when it was sent: it goes out then, and once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, eventually, startService, type Service } from '../support/service.js';

const LIMIT_MS = 180_000;
/** A start after a kill takes its time, on a busy machine above all. */
const AHEAD_MS = 20_000;
const SWEEP_MS = 120_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
}, LIMIT_MS);
afterAll(() => service.dispose(), LIMIT_MS);

interface Link {
  readonly id: string;
  readonly status: string;
  readonly sentAt: string | null;
}

async function invoiceId(): Promise<string> {
  const { body } = await call<{ items: { id: string }[] }>(service, 'GET', '/invoices?number=INV-1002');
  return body.items[0]!.id;
}

async function messages(to: string): Promise<readonly { readonly sentAt: string }[]> {
  const answer = await fetch(`${service.inbox}/messages?to=${encodeURIComponent(to)}`);
  return (await answer.json()) as { sentAt: string }[];
}

describe('a scheduled link', () => {
  it(
    'goes out at its time, and once, whenever the service is killed',
    async () => {
      const id = await invoiceId();
      const to = 'later@example.com';
      const sendAt = new Date(Date.now() + AHEAD_MS).toISOString();
      const made = await call<Link>(service, 'POST', `/invoices/${id}/links`, { channel: 'email', to, sendAt });
      expect(made).toMatchObject({ status: 202, body: { status: 'scheduled' } });
      await service.kill();
      await service.start();
      const link = () => call<Link>(service, 'GET', `/invoices/${id}/links/${made.body.id}`).then(({ body }) => body);
      const sent = await eventually(
        async () => ((await link()).sentAt === null ? undefined : link()),
        'the link',
        AHEAD_MS + SWEEP_MS,
      );
      expect(sent.sentAt! >= sendAt).toBe(true);
      await service.kill();
      await service.start();
      await sleep(2_000);
      const [message, ...others] = await messages(to);
      expect(others).toEqual([]);
      expect(message!.sentAt >= sendAt).toBe(true);
      const { body } = await call<{ items: { type: string; data: { linkId?: string } }[] }>(
        service,
        'GET',
        `/audit/invoices/${id}/events`,
      );
      const own = body.items.filter(({ data }) => data.linkId === made.body.id).map(({ type }) => type);
      expect(own).toEqual(['LinkIssued', 'LinkSent']);
    },
    LIMIT_MS,
  );
});
