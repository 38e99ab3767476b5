import { z } from 'zod';
import { FaultPlan, messageFaults, pause, recipients } from '../fault-plan.js';

const flag = z.boolean().default(false);

const callbackFaults = z.strictObject({
  /** Every callback is sent twice. */
  doubled: flag,
  /** The statuses of a message are told the last one first. */
  reordered: flag,
  /** Callbacks are never sent. */
  dropped: flag,
  /** Callbacks are sent this much later. */
  delayMs: pause,
});

const twilioFaults = messageFaults.extend({
  /** Recipients whose messages are taken and never arrive. */
  undeliverable: recipients,
  /** The code that their messages end with. */
  undeliverableCode: z.int().min(30_000).max(39_999).default(30_003),
  /** What goes wrong with the calls to the service: reports of statuses and texts that came in. */
  callbacks: callbackFaults.prefault({}),
  /** HELP is answered by the provider, as the original does unless it was told to leave that to the service. */
  answersHelp: flag,
});

type TwilioFaultSet = z.output<typeof twilioFaults>;

/** The faults that can be asked of the stand-in for Twilio. */
export class TwilioFaults extends FaultPlan<TwilioFaultSet> {
  constructor() {
    super(twilioFaults);
  }

  get callbacks(): TwilioFaultSet['callbacks'] {
    return this.faults.callbacks;
  }

  get answersHelp(): boolean {
    return this.faults.answersHelp;
  }

  /** The code that a message to this recipient ends with, where it does not arrive. */
  loses(recipient: string): number | undefined {
    return this.faults.undeliverable.includes(recipient) ? this.faults.undeliverableCode : undefined;
  }
}
