/** Sends one text message at most once: what is not known to have failed is looked for before it is sent again. */
import { Injectable } from '@nestjs/common';
import { Texter, type DeliveryOutcome } from '../ports.js';

@Injectable()
export class TextDelivery {
  constructor(private readonly texter: Texter) {}

  /**
   * Texts have no idempotency key: a former try may have been taken although nobody heard of it.
   * @param reference a part of the body that no other message has.
   */
  async send(message: { to: string; body: string; reference: string; sentSince: Date }): Promise<DeliveryOutcome> {
    const { to, body, reference, sentSince } = message;
    const earlier = await this.texter.find({ to, sentSince, reference });
    if (earlier !== undefined) return { outcome: 'sent', providerId: earlier };
    const outcome = await this.texter.send({ to, body });
    if (outcome.outcome !== 'unknown') return outcome;
    const found = await this.texter.find({ to, sentSince, reference });
    return found === undefined ? outcome : { outcome: 'sent', providerId: found };
  }
}
