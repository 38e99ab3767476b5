/** Endpoints of outbound webhooks: who is told of what. Stored in the one stream `administration`. */
import { assertNever } from '../decider.js';
import { DomainError } from '../errors.js';
import type { EventSchemas } from '../event-schema.js';

/** What an administrator can set. */
export interface WebhookEndpointSettings {
  readonly url: string;
  /** Absent: every event, those that later versions bring included. */
  readonly events?: readonly string[];
  /** Absent: every branch. */
  readonly branchIds?: readonly string[];
  readonly description?: string;
  readonly enabled: boolean;
}

export interface WebhookEndpointAdded {
  readonly type: 'WebhookEndpointAdded';
  /** The secret itself is shown once and kept encrypted beside the log, under this id. */
  readonly data: WebhookEndpointSettings & { readonly endpointId: string; readonly secretId: string };
}

export interface WebhookEndpointChanged {
  readonly type: 'WebhookEndpointChanged';
  readonly data: WebhookEndpointSettings & {
    readonly endpointId: string;
    /** The receiver answered 410: it wants nothing any more. */
    readonly because?: 'gone';
  };
}

export interface WebhookSecretRotated {
  readonly type: 'WebhookSecretRotated';
  readonly data: {
    readonly endpointId: string;
    readonly secretId: string;
    /** RFC 3339: until then messages carry the signature of the secret before as well. */
    readonly previousValidUntil: string;
  };
}

export interface WebhookEndpointRemoved {
  readonly type: 'WebhookEndpointRemoved';
  readonly data: { readonly endpointId: string };
}

export type WebhookEndpointEvent =
  WebhookEndpointAdded | WebhookEndpointChanged | WebhookSecretRotated | WebhookEndpointRemoved;

export const WEBHOOK_ENDPOINT_EVENTS: EventSchemas<WebhookEndpointEvent> = {
  WebhookEndpointAdded: { version: 1, personal: {} },
  WebhookEndpointChanged: { version: 1, personal: {} },
  WebhookSecretRotated: { version: 1, personal: {} },
  WebhookEndpointRemoved: { version: 1, personal: {} },
};

export interface WebhookSecret {
  readonly secretId: string;
  /** Absent: until it is rotated. */
  readonly validUntil?: string;
}

export interface WebhookEndpoint extends WebhookEndpointSettings {
  readonly endpointId: string;
  /** The present one first, then the one before. */
  readonly secrets: readonly [WebhookSecret, ...WebhookSecret[]];
  readonly removed: boolean;
}

export type WebhookEndpoints = ReadonlyMap<string, WebhookEndpoint>;

export type WebhookEndpointCommand =
  | { readonly type: 'AddWebhookEndpoint'; readonly data: WebhookEndpointAdded['data'] }
  | {
      readonly type: 'ChangeWebhookEndpoint';
      readonly endpointId: string;
      readonly changes: WebhookEndpointChanges;
      readonly because?: 'gone';
    }
  | { readonly type: 'RotateWebhookSecret'; readonly data: WebhookSecretRotated['data'] }
  | { readonly type: 'RemoveWebhookEndpoint'; readonly endpointId: string };

/** Only what is to change; `null` takes a list or the description away. */
export interface WebhookEndpointChanges {
  readonly url?: string;
  readonly events?: readonly string[] | null;
  readonly branchIds?: readonly string[] | null;
  readonly description?: string | null;
  readonly enabled?: boolean;
}

export function decideWebhookEndpoint(
  command: WebhookEndpointCommand,
  endpoints: WebhookEndpoints,
): readonly WebhookEndpointEvent[] {
  switch (command.type) {
    case 'AddWebhookEndpoint':
      return endpoints.has(command.data.endpointId) ? [] : [{ type: 'WebhookEndpointAdded', data: command.data }];
    case 'ChangeWebhookEndpoint': {
      const { endpointId, changes, because } = command;
      const before = settingsOf(existing(endpoints, endpointId));
      const after = changed(before, changes);
      if (JSON.stringify(before) === JSON.stringify(after)) return [];
      const data = { endpointId, ...after, ...(because === undefined ? {} : { because }) };
      return [{ type: 'WebhookEndpointChanged', data }];
    }
    case 'RotateWebhookSecret': {
      const { secrets } = existing(endpoints, command.data.endpointId);
      const known = secrets.some(({ secretId }) => secretId === command.data.secretId);
      return known ? [] : [{ type: 'WebhookSecretRotated', data: command.data }];
    }
    case 'RemoveWebhookEndpoint': {
      // A repeat of the removal finds its work done; an endpoint that never was is not there.
      const endpoint = endpoints.get(command.endpointId);
      if (!endpoint) throw new DomainError('webhook_endpoint_not_found', { endpointId: command.endpointId });
      return endpoint.removed ? [] : [{ type: 'WebhookEndpointRemoved', data: { endpointId: command.endpointId } }];
    }
    default:
      return assertNever(command);
  }
}

export function evolveWebhookEndpoints(endpoints: WebhookEndpoints, event: WebhookEndpointEvent): WebhookEndpoints {
  switch (event.type) {
    case 'WebhookEndpointAdded': {
      const { secretId, ...rest } = event.data;
      return new Map(endpoints).set(rest.endpointId, { ...rest, secrets: [{ secretId }], removed: false });
    }
    case 'WebhookEndpointChanged':
      return replaced(endpoints, event.data.endpointId, ({ endpointId, secrets, removed }) => ({
        ...settingsOf(event.data),
        ...{ endpointId, secrets, removed },
      }));
    case 'WebhookSecretRotated': {
      const { secretId, previousValidUntil: validUntil } = event.data;
      return replaced(endpoints, event.data.endpointId, (endpoint) => ({
        ...endpoint,
        secrets: [{ secretId }, { ...endpoint.secrets[0], validUntil }],
      }));
    }
    case 'WebhookEndpointRemoved':
      return replaced(endpoints, event.data.endpointId, (endpoint) => ({ ...endpoint, removed: true }));
    default:
      return assertNever(event);
  }
}

function existing(endpoints: WebhookEndpoints, endpointId: string): WebhookEndpoint {
  const endpoint = endpoints.get(endpointId);
  if (!endpoint || endpoint.removed) throw new DomainError('webhook_endpoint_not_found', { endpointId });
  return endpoint;
}

function replaced(
  endpoints: WebhookEndpoints,
  endpointId: string,
  change: (endpoint: WebhookEndpoint) => WebhookEndpoint,
): WebhookEndpoints {
  const endpoint = endpoints.get(endpointId);
  return endpoint ? new Map(endpoints).set(endpointId, change(endpoint)) : endpoints;
}

/** In one order, so that two that say the same are written alike. */
function settingsOf(from: WebhookEndpointSettings): WebhookEndpointSettings {
  const { url, events, branchIds, description, enabled } = from;
  return {
    url,
    ...(events === undefined ? {} : { events }),
    ...(branchIds === undefined ? {} : { branchIds }),
    ...(description === undefined ? {} : { description }),
    enabled,
  };
}

function changed(before: WebhookEndpointSettings, changes: WebhookEndpointChanges): WebhookEndpointSettings {
  const events = changes.events === undefined ? before.events : (changes.events ?? undefined);
  const branchIds = changes.branchIds === undefined ? before.branchIds : (changes.branchIds ?? undefined);
  const description = changes.description === undefined ? before.description : (changes.description ?? undefined);
  return settingsOf({
    url: changes.url ?? before.url,
    enabled: changes.enabled ?? before.enabled,
    ...(events === undefined ? {} : { events }),
    ...(branchIds === undefined ? {} : { branchIds }),
    ...(description === undefined ? {} : { description }),
  });
}
