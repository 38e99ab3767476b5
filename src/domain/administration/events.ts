/** Keys of the API, endpoints of webhooks, and what was exported. Stored in the one stream `administration`. */
import type { EventSchemas } from '../event-schema.js';
import { EXPORT_EVENTS, type ExportMade } from './exports.js';
import { WEBHOOK_ENDPOINT_EVENTS, type WebhookEndpointEvent } from './webhook-endpoints.js';

export type Role = 'staff' | 'finance' | 'auditor' | 'admin';

export interface ApiKeyCreated {
  readonly type: 'ApiKeyCreated';
  readonly data: {
    readonly keyId: string;
    readonly name: string;
    readonly role: Role;
    /** Absent: every branch. */
    readonly branchIds?: readonly string[];
    readonly expiresAt?: string;
    /** SHA-256 of the key, lower-case hex; the key itself is shown once and stored nowhere. */
    readonly keyHash: string;
  };
}

export interface ApiKeyRevoked {
  readonly type: 'ApiKeyRevoked';
  readonly data: { readonly keyId: string };
}

export type AdministrationEvent = ApiKeyCreated | ApiKeyRevoked | WebhookEndpointEvent | ExportMade;

export const ADMINISTRATION_EVENTS: EventSchemas<AdministrationEvent> = {
  ApiKeyCreated: { version: 1, personal: {} },
  ApiKeyRevoked: { version: 1, personal: {} },
  ...WEBHOOK_ENDPOINT_EVENTS,
  ...EXPORT_EVENTS,
};
