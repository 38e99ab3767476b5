import { Injectable } from '@nestjs/common';
import { administrationDecider } from '../../domain/administration/decider.js';
import type { WebhookEndpoint } from '../../domain/administration/webhook-endpoints.js';
import type { JsonObject } from '../../domain/json.js';
import { systemContext } from '../command-context.js';
import { EventCodec } from '../event-codec.js';
import { Execute } from '../execute.js';
import { ADMINISTRATION_STREAM } from '../ids.js';
import { Clock, EventStore, GiveUp, JobQueue, PublicUrl, Randomness, RetryLater } from '../ports.js';
import { cloudEvent, TEST_EVENT } from '../webhooks/cloud-event.js';
import { deliveryJob } from '../webhooks/delivery-jobs.js';
import { isForBranch } from '../webhooks/matching.js';
import { publicEvents } from '../webhooks/public-events.js';
import { judge, type Verdict } from '../webhooks/retries.js';
import {
  WebhookDeliveries,
  WebhookSecrets,
  WebhookSender,
  type WebhookAnswer,
  type WebhookDelivery,
} from '../webhooks/webhook-ports.js';
import { field, JobHandler } from './job-handler.js';
import { DELIVER_WEBHOOK } from './job-names.js';

/** The job may be there before the transaction that makes its delivery; one that never comes was dropped or is long over. */
const PATIENT_ATTEMPTS = 4;

/**
 * One try to tell an endpoint of an event. The next try is a job of its own, because three days of pauses belong into a table that
 * outlives the queue. A dead letter that is redriven begins another three days.
 */
@Injectable()
export class DeliverWebhookJob extends JobHandler {
  override readonly name = DELIVER_WEBHOOK;

  constructor(
    private readonly deliveries: WebhookDeliveries,
    private readonly secrets: WebhookSecrets,
    private readonly sender: WebhookSender,
    private readonly executor: Execute,
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly queue: JobQueue,
    private readonly publicUrl: PublicUrl,
    private readonly clock: Clock,
    private readonly randomness: Randomness,
  ) {
    super();
  }

  override async run(payload: JsonObject, info = { attempt: PATIENT_ATTEMPTS + 1 }): Promise<void> {
    const delivery = await this.present(payload, info.attempt);
    if (!delivery) return;
    const { state } = await this.executor.load(administrationDecider, ADMINISTRATION_STREAM);
    const endpoint = state.webhookEndpoints.get(delivery.endpointId);
    if (!endpoint || endpoint.removed || !endpoint.enabled) {
      await this.deliveries.record(delivery, this.ended('failed', 'The endpoint is switched off.'));
      return;
    }
    const body = await this.bodyOf(delivery, endpoint);
    if (body === undefined) return this.deliveries.drop(delivery.deliveryId);
    const now = this.clock.now();
    const answer = await this.sender.send({
      url: endpoint.url,
      id: delivery.messageId,
      body,
      sentAt: now,
      secrets: await this.secrets.read(validSecrets(endpoint, now)),
    });
    await this.conclude(delivery, answer);
  }

  /** The delivery, if this job's try of it is still to be made. */
  private async present(payload: JsonObject, attempt: number): Promise<WebhookDelivery | undefined> {
    const delivery = await this.deliveries.find(field(payload, 'deliveryId'));
    if (!delivery && attempt <= PATIENT_ATTEMPTS) throw new RetryLater('The delivery is not written down yet.');
    if (!delivery || String(delivery.round) !== field(payload, 'round')) return undefined;
    if (delivery.status === 'failed') {
      // Only a dead letter that somebody redrives comes here again.
      const { endpointId, deliveryId } = delivery;
      const [begun] = await this.deliveries.beginRound(endpointId, { deliveryId }, this.clock.now());
      return begun;
    }
    return delivery.status === 'pending' && String(delivery.tries) === field(payload, 'tries') ? delivery : undefined;
  }

  private async bodyOf(delivery: WebhookDelivery, endpoint: WebhookEndpoint): Promise<string | undefined> {
    const { source, messageId, endpointId, createdAt } = delivery;
    if (source === undefined) {
      const subject = `webhook-endpoints/${endpointId}`;
      const test = { id: messageId, type: TEST_EVENT, time: createdAt.toISOString(), subject, data: { endpointId } };
      return cloudEvent(test, this.publicUrl.base);
    }
    const history = await this.codec.decodeStream(await this.store.readStream(source.stream));
    const until = history.filter(({ revision }) => revision <= source.revision);
    const event = publicEvents(until).find(({ id }) => id === messageId);
    return event && isForBranch(endpoint, event.branchId) ? cloudEvent(event, this.publicUrl.base) : undefined;
  }

  private async conclude(delivery: WebhookDelivery, answer: WebhookAnswer): Promise<void> {
    const at = this.clock.now();
    const tries = delivery.tries + 1;
    const chance = this.randomness.bytes(1)[0]! / 255;
    const judged = judge(answer, tries, at.getTime() - delivery.roundBeganAt.getTime(), chance);
    const { code, error, durationMs } = answer;
    const nextTryAt = judged.verdict === 'again' ? new Date(at.getTime() + judged.inMs) : undefined;
    const attempt = { at, status: statusAfter(judged), nextTryAt, code, error, durationMs };
    if (!(await this.deliveries.record(delivery, attempt))) return;
    switch (judged.verdict) {
      case 'again':
        return this.queue.enqueue([deliveryJob({ ...delivery, tries }, judged.inMs)]);
      case 'gone':
        return this.switchOff(delivery);
      case 'given_up':
        throw new GiveUp(`The webhook was not taken in three days; the last answer was ${code ?? error ?? 'none'}.`);
      case 'delivered':
        return;
    }
  }

  private async switchOff({ endpointId, deliveryId }: WebhookDelivery): Promise<void> {
    await this.executor.run({
      decider: administrationDecider,
      stream: ADMINISTRATION_STREAM,
      command: { type: 'ChangeWebhookEndpoint', endpointId, changes: { enabled: false }, because: 'gone' },
      context: systemContext('webhooks', `gone-${deliveryId}-${this.clock.now().toISOString()}`, endpointId),
    });
  }

  private ended(status: 'failed', error: string) {
    return { at: this.clock.now(), status, nextTryAt: undefined, code: undefined, error, durationMs: undefined };
  }
}

function statusAfter({ verdict }: Verdict): WebhookDelivery['status'] {
  if (verdict === 'again') return 'pending';
  return verdict === 'delivered' ? 'delivered' : 'failed';
}

/** The present one, and for a day the one before, so that a receiver may change over at any moment of it. */
function validSecrets({ secrets }: WebhookEndpoint, now: Date): readonly string[] {
  return secrets
    .filter(({ validUntil }) => validUntil === undefined || Date.parse(validUntil) > now.getTime())
    .map(({ secretId }) => secretId);
}
