import { describe, expect, it } from '@jest/globals';
import { Contacts } from '../../src/application/contact/contacts.js';
import { EventCodec } from '../../src/application/event-codec.js';
import { Execute } from '../../src/application/execute.js';
import { Remind, ReminderPlan, type RemindingBranch } from '../../src/application/jobs/remind.js';
import { branchDecider } from '../../src/domain/branch/decider.js';
import type { ReminderPolicy } from '../../src/domain/branch/reminders.js';
import { customerDecider } from '../../src/domain/customer/decider.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceCommand } from '../../src/domain/invoice/commands.js';
import { by } from '../support/doubles/application.js';
import { FixedKeyCipher } from '../support/doubles/cipher.js';
import { PlainContactDigest } from '../support/doubles/stores.js';
import { VirtualClock } from '../support/doubles/time-and-chance.js';
import {
  BRANCH,
  BRANCH_ID,
  CUSTOMER_ID,
  INVOICE_ID,
  invoiceRegistered,
  LINK_ID,
  linkIssued,
} from '../support/given-invoice.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';

const GOING_ON = new AbortController().signal;
const ZONE = 'America/New_York';
const POLICY: ReminderPolicy = { enabled: true, beforeDays: [3], afterDays: [1], at: '09:00' };
/** Half past nine in New York, three days before the invoice of the example is due. */
const THREE_DAYS_BEFORE = Date.parse('2026-11-28T14:30:00.000Z');
const { customerId: _customerId, ...LINK } = linkIssued().data;
const SENT: readonly InvoiceCommand[] = [
  { type: 'RegisterInvoice', data: invoiceRegistered().data },
  { type: 'IssueLink', link: LINK },
  { type: 'RecordLinkSent', linkId: LINK_ID, messageId: 'link.1@host', providerId: '250' },
];

/** A list that says of every invoice that it is owed and due on the day that is asked for: the streams have to know better. */
class GullibleList extends ReminderPlan {
  readonly done: string[] = [];
  crashesAfterwards = false;

  constructor(private readonly policy: ReminderPolicy) {
    super();
  }

  override branches(): Promise<readonly RemindingBranch[]> {
    return Promise.resolve([{ branchId: BRANCH_ID, timeZone: ZONE, policy: this.policy }]);
  }

  unreadable: string[] = [];

  override owing(wanted: { afterId: string | undefined }): Promise<readonly string[]> {
    return Promise.resolve(wanted.afterId === undefined ? [...this.unreadable, INVOICE_ID] : []);
  }

  override isDone(_branchId: string, onDate: string, dueOn: string): Promise<boolean> {
    return Promise.resolve(this.done.includes(`${onDate} ${dueOn}`));
  }

  override setDone(_branchId: string, onDate: string, dueOn: string): Promise<void> {
    if (this.crashesAfterwards) return Promise.reject(new Error('killed'));
    this.done.push(`${onDate} ${dueOn}`);
    return Promise.resolve();
  }
}

async function setUp(commands: readonly InvoiceCommand[] = SENT, policy = POLICY, at = THREE_DAYS_BEFORE) {
  const store = new InMemoryEventStore();
  const clock = new VirtualClock(at);
  const executor = new Execute(store, new EventCodec(new FixedKeyCipher()), clock);
  const contacts = new Contacts(executor, new PlainContactDigest());
  await executor.run({
    decider: branchDecider,
    stream: `branch-${BRANCH_ID}`,
    command: { type: 'RegisterBranch', branchId: BRANCH_ID, details: BRANCH },
    context: by('staff:1'),
  });
  const run = (command: InvoiceCommand) =>
    executor.run({ decider: invoiceDecider, stream: `invoice-${INVOICE_ID}`, command, context: by('staff:1') });
  for (const command of commands) await run(command);
  const plan = new GullibleList(policy);
  const remind = new Remind(plan, executor, contacts, clock);
  const reminders = async () => {
    const { events } = await executor.load(invoiceDecider, `invoice-${INVOICE_ID}`);
    return events.filter(({ event }) => event.type === 'ReminderScheduled').map(({ event }) => event.data);
  };
  return { run, plan, remind, reminders, contacts, clock, executor };
}

describe('reminders', () => {
  it('go to the recipient and by the channel of the last link, on the day that the branch has set', async () => {
    const { remind, executor } = await setUp();
    expect(await remind.run(GOING_ON)).toBe(1);
    const { events } = await executor.load(invoiceDecider, `invoice-${INVOICE_ID}`);
    const [issued, scheduled] = events.slice(-2);
    expect(issued!.event).toMatchObject({
      type: 'LinkIssued',
      data: { channel: 'email', recipient: 'ada@example.com', purpose: 'reminder' },
    });
    expect(scheduled!.event).toMatchObject({
      type: 'ReminderScheduled',
      data: { when: 'before_due', days: 3, on: '2026-11-28' },
    });
    expect(issued!.metadata.actor).toBe('system:reminders');
  });

  it('are decided once a day, however often they are asked for and wherever a process is killed', async () => {
    const { plan, remind, reminders } = await setUp();
    plan.crashesAfterwards = true;
    await expect(remind.run(GOING_ON)).rejects.toThrow('killed');
    plan.crashesAfterwards = false;
    expect(await remind.run(GOING_ON)).toBe(0);
    expect(await remind.run(GOING_ON)).toBe(0);
    expect(await reminders()).toHaveLength(1);
  });

  it('come although another invoice cannot be read, and the day stays open for that one', async () => {
    const { plan, remind, reminders } = await setUp();
    plan.unreadable = ['0f0c8f9a-6b8d-5a5e-8f8b-7a0f8f1f6a09'];
    await expect(remind.run(GOING_ON)).rejects.toMatchObject({ code: 'invoice_not_found' });
    expect(await reminders()).toHaveLength(1);
    expect(plan.done).toEqual([]);
  });

  it('are left for the next time by a process that is to stop', async () => {
    const { plan, remind, reminders } = await setUp();
    expect(await remind.run(AbortSignal.abort())).toBe(0);
    expect(plan.done).toEqual([]);
    expect(await remind.run(GOING_ON)).toBe(1);
    expect(await reminders()).toHaveLength(1);
  });

  it('come after the due date too, a day each', async () => {
    const { remind, reminders, clock } = await setUp();
    await remind.run(GOING_ON);
    clock.advance(4 * 24 * 3_600_000);
    expect(await remind.run(GOING_ON)).toBe(1);
    expect(await reminders()).toEqual([
      expect.objectContaining({ when: 'before_due', on: '2026-11-28' }),
      expect.objectContaining({ when: 'after_due', days: 1, on: '2026-12-02' }),
    ]);
  });

  it.each([
    ['before nine o’clock where the branch is', '2026-11-28T13:59:00.000Z'],
    ['late in the evening there', '2026-11-29T02:00:00.000Z'],
    ['on another day', '2026-11-27T15:00:00.000Z'],
  ])('are not sent %s', async (_when, at) => {
    const { remind } = await setUp(SENT, POLICY, Date.parse(at));
    expect(await remind.run(GOING_ON)).toBe(0);
  });

  it('are off until they are turned on', async () => {
    const { remind } = await setUp(SENT, { ...POLICY, enabled: false });
    expect(await remind.run(GOING_ON)).toBe(0);
  });

  it.each<[string, readonly InvoiceCommand[]]>([
    ['void', [...SENT, { type: 'VoidInvoice', reason: 'Sent twice', seenRevision: undefined }]],
    ['never sent', SENT.slice(0, 1)],
    ['sent by a link that was revoked', [...SENT, { type: 'RevokeLink', linkId: LINK_ID }]],
    ['not taken by any mail server', SENT.slice(0, 2)],
  ])('are not sent for an invoice that is %s', async (_what, commands) => {
    const { remind } = await setUp(commands);
    expect(await remind.run(GOING_ON)).toBe(0);
  });

  it('are not sent to who asked not to be texted', async () => {
    const text = { ...LINK, channel: 'sms' as const, recipient: '+12125550100' };
    const { remind, contacts } = await setUp([SENT[0]!, { type: 'IssueLink', link: text }, SENT[2]!]);
    await contacts.record(
      '+12125550100',
      { type: 'OptOut', data: { channel: 'sms', source: 'keyword', at: '2026-11-21T12:00:00.000Z' } },
      by('system:texts'),
    );
    expect(await remind.run(GOING_ON)).toBe(0);
  });

  describe('after the customer was changed', () => {
    const [FORMER_PHONE, PHONE] = ['+12125550100', '+12125550177'];
    const data = invoiceRegistered().data;
    const details = { ...data.customer, phone: FORMER_PHONE };
    const registration: InvoiceCommand = { type: 'RegisterInvoice', data: { ...data, customer: details } };
    const textTo = (recipient: string): InvoiceCommand => ({
      type: 'IssueLink',
      link: { ...LINK, channel: 'sms', recipient },
    });

    async function changed(link: InvoiceCommand) {
      const world = await setUp([registration, link, SENT[2]!]);
      const customer = { decider: customerDecider, stream: `customer-${CUSTOMER_ID}`, context: by('staff:1') };
      const { branchId, customerId } = data;
      const registered = { customerId, branchId, details };
      await world.executor.run({ ...customer, command: { type: 'RegisterCustomer', data: registered } });
      const changes = { email: 'new@example.com', phone: PHONE };
      await world.executor.run({ ...customer, command: { type: 'UpdateCustomer', data: { customerId, changes } } });
      return world;
    }
    const remindedAt = async ({ remind, executor }: Awaited<ReturnType<typeof changed>>) => {
      await remind.run(GOING_ON);
      const { events } = await executor.load(invoiceDecider, `invoice-${INVOICE_ID}`);
      return events.flatMap(({ event }) =>
        event.type === 'LinkIssued' && event.data.purpose === 'reminder' ? [event.data.recipient] : [],
      );
    };

    it('go where the customer is reached now, since the former address may be somebody else’s', async () => {
      expect(await remindedAt(await changed(SENT[1]!))).toEqual(['new@example.com']);
    });

    it('stay with an address that staff had typed in for the link', async () => {
      const typed: InvoiceCommand = { type: 'IssueLink', link: { ...LINK, recipient: 'books@example.com' } };
      expect(await remindedAt(await changed(typed))).toEqual(['books@example.com']);
    });

    it('go to another telephone only where somebody vouched for the consent', async () => {
      expect(await remindedAt(await changed(textTo(FORMER_PHONE)))).toEqual([]);
      const world = await changed(textTo(FORMER_PHONE));
      const consent = { how: 'staff' as const, branchId: BRANCH_ID, at: '2026-11-21T12:00:00.000Z' };
      await world.contacts.record(PHONE, { type: 'RecordTextConsent', data: consent }, by('staff:1'));
      expect(await remindedAt(world)).toEqual([PHONE]);
    });
  });
});
