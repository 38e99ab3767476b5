/** What tests of texts do: run the jobs, text as the customer, report as the provider, send again. */
import { SendLink } from '../../src/application/invoice/send-link.js';
import type { Job } from '../../src/application/ports.js';
import { ReceiveTextNotice } from '../../src/application/texts/receive-text-notice.js';
import { by } from '../support/doubles/application.js';
import type { Journey } from './journey.js';

export const NUMBER = '+15550100';
export const HOUR_MS = 60 * 60_000;

export async function queued(journey: Journey): Promise<readonly Job[]> {
  while (await journey.app.processes.step(5));
  return [...journey.world.queue.waiting.values()];
}

export async function work(journey: Journey): Promise<void> {
  for (let jobs = await queued(journey); jobs.length > 0; jobs = await queued(journey)) {
    for (const job of jobs) {
      await journey.app.runJob(job);
      journey.world.queue.waiting.delete(job.id);
    }
  }
}

export const types = (journey: Journey, prefix: string) =>
  journey.world.store.all().flatMap(({ stream, type }) => (stream.startsWith(prefix) ? [type] : []));
export const dataOf = (journey: Journey, type: string) =>
  journey.world.store.all().find((event) => event.type === type)?.data;

export const text = (journey: Journey, words: string, providerId = 'SMin1') =>
  journey.app.ask(new ReceiveTextNotice({ kind: 'inbound', providerId, number: NUMBER, text: words }));

export function status(
  journey: Journey,
  word: 'sent' | 'delivered' | 'undelivered' | 'failed',
  providerId = 'SM1',
  code = word as string,
) {
  const means = word === 'sent' ? 'under_way' : word === 'delivered' ? 'delivered' : 'undelivered';
  const recipient = code === '21610' ? 'opted_out' : /^\d+$/.test(code) ? 'unreachable' : undefined;
  const notice = {
    kind: 'status',
    providerId,
    status: word,
    means,
    number: NUMBER,
    code,
    reason: `Twilio ${code}`,
    recipient,
  } as const;
  return journey.app.ask(new ReceiveTextNotice(notice));
}

export const again = (journey: Journey, textConsent?: 'staff' | 'api', cause?: string) =>
  journey.app.ask(new SendLink({ invoiceId: journey.invoiceId, channel: 'sms', textConsent }, by('staff:1', cause)));
