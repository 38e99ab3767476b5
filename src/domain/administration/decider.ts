/** Decides about the keys of the API and the endpoints of webhooks. */
import { assertNever, type Decider } from '../decider.js';
import { DomainError } from '../errors.js';
import type { AdministrationEvent, ApiKeyCreated } from './events.js';
import type { ExportMade } from './exports.js';
import {
  decideWebhookEndpoint,
  evolveWebhookEndpoints,
  type WebhookEndpointCommand,
  type WebhookEndpoints,
} from './webhook-endpoints.js';

export interface AdministrationState {
  readonly keys: ReadonlyMap<string, ApiKeyCreated['data'] & { readonly revoked: boolean }>;
  readonly webhookEndpoints: WebhookEndpoints;
}

export type AdministrationCommand =
  | { readonly type: 'CreateApiKey'; readonly data: ApiKeyCreated['data'] }
  | { readonly type: 'RevokeApiKey'; readonly keyId: string }
  | WebhookEndpointCommand
  | { readonly type: 'NoteExport'; readonly data: ExportMade['data'] };

export const administrationDecider: Decider<AdministrationState, AdministrationCommand, AdministrationEvent> = {
  initialState: { keys: new Map(), webhookEndpoints: new Map() },
  decide(command, state) {
    switch (command.type) {
      case 'CreateApiKey':
        return state.keys.has(command.data.keyId) ? [] : [{ type: 'ApiKeyCreated', data: command.data }];
      case 'RevokeApiKey': {
        const key = state.keys.get(command.keyId);
        if (!key) throw new DomainError('api_key_not_found', { keyId: command.keyId });
        return key.revoked ? [] : [{ type: 'ApiKeyRevoked', data: { keyId: command.keyId } }];
      }
      case 'AddWebhookEndpoint':
      case 'ChangeWebhookEndpoint':
      case 'RotateWebhookSecret':
      case 'RemoveWebhookEndpoint':
        return decideWebhookEndpoint(command, state.webhookEndpoints);
      case 'NoteExport':
        return [{ type: 'ExportMade', data: command.data }];
      default:
        return assertNever(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ApiKeyCreated':
        return { ...state, keys: new Map(state.keys).set(event.data.keyId, { ...event.data, revoked: false }) };
      case 'ApiKeyRevoked': {
        const key = state.keys.get(event.data.keyId);
        return key ? { ...state, keys: new Map(state.keys).set(event.data.keyId, { ...key, revoked: true }) } : state;
      }
      case 'WebhookEndpointAdded':
      case 'WebhookEndpointChanged':
      case 'WebhookSecretRotated':
      case 'WebhookEndpointRemoved':
        return { ...state, webhookEndpoints: evolveWebhookEndpoints(state.webhookEndpoints, event) };
      case 'ExportMade':
        // Nothing is decided by it.
        return state;
      default:
        return assertNever(event);
    }
  },
};
