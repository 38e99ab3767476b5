import type { WebhookDeliveryRow } from '../../../../projections/webhook-deliveries.js';
import type { WebhookEndpointRow } from '../../../../projections/webhook-endpoints.js';
import type { PillView } from '../../pills.js';
import { moment } from '../../portal-formats.js';

/** Staff of several branches look at this; the exact time names its zone. */
const ZONE = 'UTC';
const TICK = 'M5 12.5l4.5 4.5L19 7.5';
const CROSS = 'M6 6l12 12M18 6L6 18';
const ALERT = 'M12 4v10M12 19v.1';
const CLOCK = 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 8v4l3 2';

const ON: PillView = { word: 'On', tone: 'good', shape: TICK };
const OFF: PillView = { word: 'Off', tone: 'calm', shape: CROSS };
const GONE: PillView = { word: 'Off: receiver gone', tone: 'bad', shape: ALERT };

const DELIVERY_PILLS: Readonly<Record<WebhookDeliveryRow['status'], PillView>> = {
  delivered: { word: 'Delivered', tone: 'good', shape: TICK },
  pending: { word: 'Trying again', tone: 'warn', shape: CLOCK },
  failed: { word: 'Failed', tone: 'bad', shape: ALERT },
};

export function endpointView(row: WebhookEndpointRow, names: ReadonlyMap<string, string>, now: Date) {
  const { endpointId, url, events, branchIds, description, enabled, disabledBecause, formerSecretUntil } = row;
  const isOverlapping = formerSecretUntil !== null && Date.parse(formerSecretUntil) > now.getTime();
  return {
    ...{ endpointId, url, description, enabled },
    pill: enabled ? ON : disabledBecause === 'gone' ? GONE : OFF,
    events: events === null ? 'Every event' : events.join(', '),
    branches: branchIds === null ? 'Every branch' : branchIds.map((id) => names.get(id) ?? 'another branch').join(', '),
    created: moment(row.createdAt, ZONE, now),
    formerSecretUntil: isOverlapping ? moment(formerSecretUntil, ZONE, now).exact : undefined,
  };
}

export function deliveryView(row: WebhookDeliveryRow, now: Date) {
  const { deliveryId, messageId, type, status, tries, responseCode, durationMs, error, lastTryAt, nextTryAt } = row;
  return {
    ...{ deliveryId, messageId, type, tries, error },
    pill: DELIVERY_PILLS[status],
    answer: responseCode === null ? '–' : String(responseCode),
    took: durationMs === null ? '–' : `${durationMs.toLocaleString('en-US')} ms`,
    made: moment(row.createdAt, ZONE, now),
    tried: lastTryAt === null ? undefined : moment(lastTryAt, ZONE, now),
    next: nextTryAt === null ? undefined : moment(nextTryAt, ZONE, now).exact,
  };
}
