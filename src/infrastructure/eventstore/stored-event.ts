import type { AllStreamRecordedEvent, RecordedEvent } from '@eventstore/db-client';
import type { StoredEvent } from '../../application/ports.js';
import type { JsonObject } from '../../domain/json.js';

/** From the client's form of a recorded event to the port's. */
export function toStoredEvent(event: RecordedEvent | AllStreamRecordedEvent): StoredEvent {
  if (!('position' in event) || event.position === undefined) {
    throw new Error(`The event store gave event ${event.id} without its position.`);
  }
  return {
    id: event.id,
    type: event.type,
    data: event.data as JsonObject,
    metadata: (event.metadata ?? {}) as JsonObject,
    stream: event.streamId,
    revision: event.revision,
    position: event.position.commit,
    created: event.created,
  };
}
