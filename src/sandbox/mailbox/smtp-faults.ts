import { z } from 'zod';
import { FaultPlan, messageFaults } from '../fault-plan.js';

const smtpFaults = messageFaults.extend({
  /** Every recipient is put off at the first try and taken at the next. */
  greylist: z.boolean().default(false),
  /** STARTTLS is offered, with a certificate that nobody vouches for (`GET /sandbox/smtp/certificate`). */
  startTls: z.boolean().default(false),
});

/** The faults that can be asked of the mail server. */
export class SmtpFaults extends FaultPlan<z.output<typeof smtpFaults>> {
  constructor() {
    super(smtpFaults);
  }

  get greylist(): boolean {
    return this.faults.greylist;
  }

  get startTls(): boolean {
    return this.faults.startTls;
  }
}
