/**
 * Decides the reminders of the day. Asked every few minutes; what is decided is an event, so that a crash in the middle, or two
 * processes that ask at once, remind nobody twice.
 */
import { Injectable } from '@nestjs/common';
import { remindersOn, type DueReminder, type ReminderPolicy } from '../../domain/branch/reminders.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import { linkExpiry } from '../../domain/invoice/link-expiry.js';
import type { Invoice, Link } from '../../domain/invoice/state.js';
import { localDate, localDateTime } from '../../domain/zoned-time.js';
import { systemContext } from '../command-context.js';
import { Contacts } from '../contact/contacts.js';
import { Execute } from '../execute.js';
import { invoiceStream, linkId } from '../ids.js';
import { addressOf, contactChanged } from '../invoice/contact-changed.js';
import { loadInvoice, type LoadedInvoice } from '../invoice/invoice-view.js';
import { Clock } from '../ports.js';

export interface RemindingBranch {
  readonly branchId: string;
  readonly timeZone: string;
  readonly policy: ReminderPolicy;
}

/** Who is to be reminded, and whose reminders of a day are all decided. */
export abstract class ReminderPlan {
  abstract branches(): Promise<readonly RemindingBranch[]>;
  /** Invoices of a branch that are due on a day and still owed, in the order of their ids, after `afterId`. */
  abstract owing(wanted: {
    branchId: string;
    dueOn: string;
    afterId: string | undefined;
    limit: number;
  }): Promise<readonly string[]>;
  abstract isDone(branchId: string, onDate: string, dueOn: string): Promise<boolean>;
  abstract setDone(branchId: string, onDate: string, dueOn: string): Promise<void>;
}

/** So many at a time. */
const PAGE = 32;
/** Wall-clock time after which the day's reminders are left to be: nobody is written to at night about a day that is over. */
const TOO_LATE = '20:59';

@Injectable()
export class Remind {
  constructor(
    private readonly plan: ReminderPlan,
    private readonly executor: Execute,
    private readonly contacts: Contacts,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers how many reminders it decided. One invoice that cannot be read keeps no other from its reminder.
   * @throws the first error, once all others are decided; the day stays open then, and is asked for again
   * @param ending where the process is to stop: what is left is decided when it is asked for again
   */
  async run(ending: AbortSignal): Promise<number> {
    const decided: PromiseSettledResult<boolean>[] = [];
    for (const branch of await this.plan.branches()) {
      const now = this.clock.now();
      const time = localDateTime(now, branch.timeZone).slice(11, 16);
      if (time < branch.policy.at || time > TOO_LATE) continue;
      const today = localDate(now, branch.timeZone);
      for (const due of remindersOn(branch.policy, today)) {
        decided.push(...(await this.remindOf(branch, due, today, ending)));
      }
    }
    const failed = decided.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return decided.filter((one) => one.status === 'fulfilled' && one.value).length;
  }

  private async remindOf(
    { branchId }: RemindingBranch,
    due: DueReminder,
    today: string,
    ending: AbortSignal,
  ): Promise<readonly PromiseSettledResult<boolean>[]> {
    if (await this.plan.isDone(branchId, today, due.dueOn)) return [];
    const decided: PromiseSettledResult<boolean>[] = [];
    let afterId: string | undefined;
    while (!ending.aborted) {
      const page = await this.plan.owing({ branchId, dueOn: due.dueOn, afterId, limit: PAGE });
      decided.push(...(await Promise.allSettled(page.map((invoiceId) => this.remind(invoiceId, due, today)))));
      if (page.length < PAGE) {
        if (decided.every(({ status }) => status === 'fulfilled')) await this.plan.setDone(branchId, today, due.dueOn);
        break;
      }
      afterId = page.at(-1);
    }
    return decided;
  }

  private async remind(invoiceId: string, { when, days, dueOn }: DueReminder, today: string): Promise<boolean> {
    const loaded = await loadInvoice(this.executor, invoiceId);
    const { invoice, branch } = loaded;
    // The list may lag behind: the stream says when the invoice is really due.
    const former = invoice.registered.dueOn === dueOn ? lastSent(invoice) : undefined;
    const recipient = former && (await this.recipient(loaded, former));
    if (!former || recipient === undefined) return false;
    const cause = `reminder ${today}`;
    const { changed } = await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: {
        type: 'ScheduleReminder',
        link: {
          linkId: linkId(invoiceId, cause),
          channel: former.channel,
          recipient,
          expiresAt: linkExpiry(this.clock.now(), dueOn, branch.details.timeZone).toISOString(),
        },
        reminder: { when, days, on: today },
      },
      context: systemContext('reminders', cause, invoiceId),
    });
    return changed;
  }

  /**
   * Where the former link went, unless that was the customer's address and is no longer: then where the customer is reached now, and
   * nowhere where a telephone of which nobody vouched for the consent took its place, or who is reached asked not to be.
   */
  private async recipient(loaded: LoadedInvoice, former: Link): Promise<string | undefined> {
    const isElsewhere = contactChanged(loaded, former);
    const recipient = isElsewhere ? addressOf(loaded.customer, former) : former.recipient;
    if (recipient === undefined) return undefined;
    const { optedOut, textConsent } = await this.contacts.of(recipient);
    if (optedOut !== undefined || (isElsewhere && former.channel === 'sms' && !textConsent)) return undefined;
    return recipient;
  }
}

/** Who never got a link is not reminded of one. */
function lastSent({ links }: Invoice): Link | undefined {
  return [...links.values()].findLast(
    (link) => link.recipient !== undefined && link.sent && !link.bounced && !link.revoked,
  );
}
