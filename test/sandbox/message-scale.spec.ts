import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { until } from '../support/until.js';
import { sendText, startMessageStandIns } from './message-stand-ins.js';
import { startListener } from './web-listener.js';

const TEXTS = 800;
const EMAILS = 200;
const IN_FLIGHT = 24;
const TIME_LIMIT_MS = 120_000;

let standIns: Awaited<ReturnType<typeof startMessageStandIns>>;
let service: Awaited<ReturnType<typeof startListener>>;

beforeAll(async () => {
  service = await startListener();
  standIns = await startMessageStandIns(service.url);
});

afterAll(async () => {
  await standIns.stop();
  await service.stop();
});

/** Does it for every number below `count`, some at a time, and answers what came of each. */
async function eachOf<T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const runOn = async (): Promise<void> => {
    while (next < count) {
      const n = next;
      next += 1;
      results[n] = await work(n);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, runOn));
  return results;
}

const numberOf = (n: number): string => `+1212${String(5_000_000 + n)}`;

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

describe('many messages', () => {
  it(
    'are all accounted for, with refusals, errors and reports, and are no slower to find than few',
    async () => {
      const optedOut = Array.from({ length: TEXTS / 100 }, (_, n) => numberOf(n * 100));
      const undeliverable = Array.from({ length: TEXTS / 50 }, (_, n) => numberOf(n * 50 + 1));
      await standIns.setFaults('twilio', { refuseRecipients: optedOut, undeliverable, errorEvery: 100 });
      const first = await millisecondsOf(() => standIns.messages(`?to=${encodeURIComponent(numberOf(7))}`));

      const statuses = await eachOf(TEXTS, async (n) => {
        const { status } = await sendText(standIns.origin, numberOf(n), `Invoice ${n}`, service.url);
        return status;
      });
      const counted = (status: number): number => statuses.filter((one) => one === status).length;
      // Who is refused never comes as far as the provider's own errors.
      const errors = Math.floor((TEXTS - optedOut.length) / 100);
      expect([counted(400), counted(500)]).toEqual([optedOut.length, errors]);
      expect(counted(201)).toBe(TEXTS - optedOut.length - errors);

      const ended = (): number =>
        service.told.filter(({ parameters: { MessageStatus } }) => MessageStatus !== 'sent').length;
      await until(() => ended() === counted(201), 'a last report about each', 60_000);
      const arrived = service.told.filter(({ parameters }) => parameters['MessageStatus'] === 'delivered').length;
      expect(await standIns.messages()).toHaveLength(arrived);

      const page = await fetch(`${standIns.origin}/`);
      expect((await page.text()).match(/<li>/g)).toHaveLength(50);
      const last = await millisecondsOf(() => standIns.messages(`?to=${encodeURIComponent(numberOf(7))}`));
      expect(last).toBeLessThan(first + 250);
    },
    TIME_LIMIT_MS,
  );

  it(
    'bounce where the mailbox is one that bounces',
    async () => {
      const transport = createTransport({ url: standIns.smtpUrl, pool: true, maxConnections: 8 });
      const taken = await eachOf(EMAILS, async (n) => {
        const to = n % 50 === 0 ? `bounce+${n}@example.com` : `ada+${n}@example.com`;
        const message = { from: 'invoices@paylink.test', to, subject: `Invoice ${n}`, text: 'Hello' };
        return transport.sendMail(message).then(
          () => 'taken',
          (error: { responseCode?: number }) => error.responseCode,
        );
      });
      transport.close();
      expect(taken.filter((one) => one === 550)).toHaveLength(EMAILS / 50);
      expect(taken.filter((one) => one === 'taken')).toHaveLength(EMAILS - EMAILS / 50);
    },
    TIME_LIMIT_MS,
  );
});
