import type { EventCodec } from '../../application/event-codec.js';
import { ADMINISTRATION_STREAM } from '../../application/ids.js';
import type { Clock, EventStore, JobQueue } from '../../application/ports.js';
import { deliveryJob } from '../../application/webhooks/delivery-jobs.js';
import { deliveriesOf, type KnownEndpoint } from '../../application/webhooks/matching.js';
import { PUBLIC_STREAMS } from '../../application/webhooks/public-events.js';
import { administrationDecider, type AdministrationState } from '../../domain/administration/decider.js';
import type { AdministrationEvent } from '../../domain/administration/events.js';
import type { RecordedEvent } from '../../domain/decider.js';
import type { Sql } from '../../projections/sql.js';
import { PassingFailure } from '../postgres/log-consumer/failures.js';
import type { LogMember } from '../postgres/log-consumer/member.js';
import { addDeliveries } from './pg-webhook-deliveries.js';

/** Names the checkpoint. */
export const WEBHOOKS_MEMBER = 'webhooks';

/**
 * Writes down what is to be told to whom, in the transaction that moves its checkpoint: nothing is forgotten, and nothing told twice
 * because of a crash. It asks the log itself for the endpoints, so that no other read model has to be as far as it is.
 */
export class WebhookMember implements LogMember {
  readonly name = WEBHOOKS_MEMBER;
  readonly streamPrefixes = [...PUBLIC_STREAMS, ADMINISTRATION_STREAM];
  private endpoints: readonly KnownEndpoint[] | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly store: EventStore,
    private readonly codec: EventCodec,
    private readonly clock: Clock,
  ) {}

  async apply(events: readonly RecordedEvent[], sql: Sql): Promise<void> {
    if (events.some(({ stream }) => stream === ADMINISTRATION_STREAM)) this.endpoints = undefined;
    const told = events.filter(({ stream }) => stream !== ADMINISTRATION_STREAM);
    if (told.length === 0) return;
    this.endpoints ??= await this.readEndpoints();
    const known = this.endpoints;
    if (known.length === 0) return;
    const deliveries = told.flatMap((recorded) => deliveriesOf(recorded, known));
    if (deliveries.length === 0) return;
    await addDeliveries(sql, deliveries, this.clock.now());
    try {
      // The rows are there for others only once the transaction commits; a job that comes earlier is tried again.
      await this.queue.enqueue(
        deliveries.map(({ deliveryId }) => deliveryJob({ deliveryId, round: 1, tries: 0 }, HEAD_START_MS)),
      );
    } catch (error) {
      throw new PassingFailure('The queue took no jobs.', { cause: error });
    }
  }

  /** Those that are there now. One that is switched on again later is asked then. */
  private async readEndpoints(): Promise<readonly KnownEndpoint[]> {
    const stored = await this.store.readStream(ADMINISTRATION_STREAM);
    const decoded = await this.codec.decodeAll(stored);
    // One that this version cannot read is a matter of whoever it is about, and not of every invoice there is.
    const events = decoded.filter((each) => !('undecodable' in each)) as readonly RecordedEvent<AdministrationEvent>[];
    const since = new Map<string, bigint>();
    const state = events.reduce<AdministrationState>((folded, { event, revision, position }) => {
      if (event.type === 'WebhookEndpointAdded') since.set(event.data.endpointId, position);
      return administrationDecider.evolve(folded, event, revision);
    }, administrationDecider.initialState);
    return [...state.webhookEndpoints.values()]
      .filter(({ removed }) => !removed)
      .map((endpoint) => ({ endpoint, since: since.get(endpoint.endpointId)! }));
  }
}

/** Longer than a transaction takes to commit, as a rule. */
const HEAD_START_MS = 250;
