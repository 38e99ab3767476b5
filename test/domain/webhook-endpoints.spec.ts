import { describe, it } from '@jest/globals';
import { administrationDecider } from '../../src/domain/administration/decider.js';
import type { AdministrationEvent } from '../../src/domain/administration/events.js';
import { given, nothing, refused } from '../support/given.js';

const endpointId = 'endpoint-1';
const url = 'https://books.example.com/hooks';
const data = { endpointId, secretId: 'secret-1', url, events: ['invoice.paid'], enabled: true };
const added: AdministrationEvent = { type: 'WebhookEndpointAdded', data };
const removed: AdministrationEvent = { type: 'WebhookEndpointRemoved', data: { endpointId } };
const previousValidUntil = '2026-11-24T12:00:00.000Z';
const rotated = (secretId: string): AdministrationEvent => ({
  type: 'WebhookSecretRotated',
  data: { endpointId, secretId, previousValidUntil },
});
const notThere = refused('webhook_endpoint_not_found', { endpointId });

describe('a webhook endpoint', () => {
  const administration = (...events: readonly AdministrationEvent[]) => given(administrationDecider, events);

  it('is added once, and not again after it was removed', () => {
    administration().when({ type: 'AddWebhookEndpoint', data }).then([added]);
    administration(added).when({ type: 'AddWebhookEndpoint', data }).then(nothing);
    administration(added, removed).when({ type: 'AddWebhookEndpoint', data }).then(nothing);
  });

  it('changes only in what is given, and not at all where nothing would be other', () => {
    administration(added)
      .when({ type: 'ChangeWebhookEndpoint', endpointId, changes: { events: null, description: 'The books' } })
      .then([{ type: 'WebhookEndpointChanged', data: { endpointId, url, description: 'The books', enabled: true } }]);
    administration(added)
      .when({ type: 'ChangeWebhookEndpoint', endpointId, changes: { url, enabled: true, description: null } })
      .then(nothing);
  });

  it('is switched off where its receiver is gone, which is remembered', () => {
    administration(added)
      .when({ type: 'ChangeWebhookEndpoint', endpointId, changes: { enabled: false }, because: 'gone' })
      .then([
        {
          type: 'WebhookEndpointChanged',
          data: { endpointId, url, events: ['invoice.paid'], enabled: false, because: 'gone' },
        },
      ]);
  });

  it('gets a new secret once for each that is made', () => {
    const next = { endpointId, secretId: 'secret-2', previousValidUntil };
    administration(added)
      .when({ type: 'RotateWebhookSecret', data: next })
      .then([rotated('secret-2')]);
    administration(added, rotated('secret-2')).when({ type: 'RotateWebhookSecret', data: next }).then(nothing);
  });

  it('that is removed or never was cannot be changed; removing it twice is quiet', () => {
    const change = { type: 'ChangeWebhookEndpoint', endpointId, changes: { enabled: false } } as const;
    administration().when(change).then(notThere);
    administration(added, removed).when(change).then(notThere);
    administration().when({ type: 'RemoveWebhookEndpoint', endpointId }).then(notThere);
    administration(added).when({ type: 'RemoveWebhookEndpoint', endpointId }).then([removed]);
    administration(added, removed).when({ type: 'RemoveWebhookEndpoint', endpointId }).then(nothing);
  });
});
