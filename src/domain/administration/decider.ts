/** Decides about the keys of the API. */
import { assertNever, type Decider } from '../decider.js';
import { DomainError } from '../errors.js';
import type { AdministrationEvent, ApiKeyCreated } from './events.js';

export interface AdministrationState {
  readonly keys: ReadonlyMap<string, ApiKeyCreated['data'] & { readonly revoked: boolean }>;
}

export type AdministrationCommand =
  | { readonly type: 'CreateApiKey'; readonly data: ApiKeyCreated['data'] }
  | { readonly type: 'RevokeApiKey'; readonly keyId: string };

export const administrationDecider: Decider<AdministrationState, AdministrationCommand, AdministrationEvent> = {
  initialState: { keys: new Map() },
  decide(command, state) {
    switch (command.type) {
      case 'CreateApiKey':
        return state.keys.has(command.data.keyId) ? [] : [{ type: 'ApiKeyCreated', data: command.data }];
      case 'RevokeApiKey': {
        const key = state.keys.get(command.keyId);
        if (!key) throw new DomainError('api_key_not_found', { keyId: command.keyId });
        return key.revoked ? [] : [{ type: 'ApiKeyRevoked', data: { keyId: command.keyId } }];
      }
      default:
        return assertNever(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ApiKeyCreated':
        return { keys: new Map(state.keys).set(event.data.keyId, { ...event.data, revoked: false }) };
      case 'ApiKeyRevoked': {
        const key = state.keys.get(event.data.keyId);
        return key ? { keys: new Map(state.keys).set(event.data.keyId, { ...key, revoked: true }) } : state;
      }
      default:
        return assertNever(event);
    }
  },
};
