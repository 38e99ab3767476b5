import type { JsonObject } from '../../domain/json.js';
import type { PublicEvent } from './public-events.js';

/** What an administrator tries an endpoint with. */
export const TEST_EVENT = 'webhook.test';

/** CloudEvents 1.0, structured. @param source where this service is reached: the ids are unique within it */
export function cloudEvent(event: Omit<PublicEvent, 'type' | 'branchId'> & { type: string }, source: string): string {
  const { id, type, time, subject, data } = event;
  const written: JsonObject = {
    ...{ specversion: '1.0', id, source, type, time, subject },
    ...{ datacontenttype: 'application/json', data },
  };
  return JSON.stringify(written);
}
