import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { PUBLIC_EVENT_TYPES, type PublicEventType } from '../../../../application/webhooks/public-events.js';
import { DomainError } from '../../../../domain/errors.js';
import { assertNoCardNumber } from '../../../../domain/free-text.js';
import { staffOf, type StaffCaller } from '../../../auth/caller.js';
import { PortalForms } from '../../portal-forms.js';
import { formText } from '../../sign-in/form-text.js';
import { chosenBranches, Grants } from '../branch-choice.js';
import { administrationTabs } from '../places.js';

const MAX_URL = 2_000;
const MAX_DESCRIPTION = 200;

/** What stands in the form, as it was typed. */
export interface WebhookFields {
  readonly url: string;
  readonly description: string;
  /** Null: every event. */
  readonly events: readonly string[] | null;
  /** Null: every branch. */
  readonly branchIds: readonly string[] | null;
  readonly enabled: boolean;
}

/** What was typed, checked. */
export interface CheckedWebhook {
  readonly url: string;
  readonly description: string | undefined;
  readonly events: readonly PublicEventType[] | undefined;
  readonly branchIds: readonly string[] | undefined;
  readonly enabled: boolean;
}

/** The form by which an endpoint is added and changed. */
@Injectable()
export class WebhookForm {
  constructor(
    private readonly grants: Grants,
    private readonly forms: PortalForms,
  ) {}

  empty(caller: StaffCaller): WebhookFields {
    return { url: '', description: '', events: null, branchIds: caller.branchIds ?? null, enabled: true };
  }

  read(request: Request): WebhookFields {
    return {
      url: formText(request, 'url').trim().slice(0, MAX_URL),
      description: formText(request, 'description').trim().slice(0, MAX_DESCRIPTION),
      events: formText(request, 'eventScope') === 'some' ? chosenEvents(request) : null,
      branchIds: formText(request, 'scope') === 'some' ? chosenBranches(request) : null,
      enabled: formText(request, 'enabled') === 'yes',
    };
  }

  /** What was typed, or what is wrong with it in words. */
  async check(caller: StaffCaller, fields: WebhookFields): Promise<CheckedWebhook | string> {
    const { url, description, enabled } = fields;
    const events = PUBLIC_EVENT_TYPES.filter((type) => fields.events?.includes(type));
    if (fields.events !== null && events.length === 0) return 'Choose one event or more.';
    if (fields.branchIds === null && caller.branchIds !== undefined)
      return 'Choose branches: not all of them are yours.';
    const known = new Set((await this.grants.options(caller, null)).map(({ branchId }) => branchId));
    const branchIds = fields.branchIds?.filter((branchId) => known.has(branchId));
    if (branchIds?.length === 0) return 'Choose one branch or more.';
    try {
      if (description !== '') assertNoCardNumber('description', description);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return 'The description contains a card number.';
    }
    return {
      ...{ url, enabled, branchIds },
      description: description === '' ? undefined : description,
      events: fields.events === null ? undefined : events,
    };
  }

  /** @param endpointId absent: a new one */
  async view(caller: StaffCaller, fields: WebhookFields, more: { mistake?: string; endpointId?: string }) {
    const { url, description, events, branchIds, enabled } = fields;
    const { endpointId, mistake } = more;
    const path = '/staff/administration/webhook-endpoints';
    return {
      ...{ url, description, enabled, mistake },
      isNew: endpointId === undefined,
      heading: endpointId === undefined ? 'Add a webhook endpoint' : 'Change the webhook endpoint',
      action: endpointId === undefined ? `${path}/new` : `${path}/${endpointId}/edit`,
      back: endpointId === undefined ? path : `${path}/${endpointId}`,
      events: PUBLIC_EVENT_TYPES.map((type) => ({ type, checked: events?.includes(type) ?? false })),
      isSomeEvents: events !== null,
      branches: await this.grants.options(caller, branchIds),
      isScoped: branchIds !== null,
      mayGrantAll: caller.branchIds === undefined,
      tabs: administrationTabs(path),
      csrf: caller.csrf,
      cause: this.forms.newCause(),
    };
  }
}

function chosenEvents(request: Request): readonly string[] {
  const body = request.body as Readonly<Record<string, unknown>> | undefined;
  const value = body?.['event'];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === 'string');
}

/** The name of a branch for each that the caller may see. */
export async function branchNames(grants: Grants, request: Request): Promise<ReadonlyMap<string, string>> {
  const options = await grants.options(staffOf(request), null);
  return new Map(options.map(({ branchId, name }) => [branchId, name]));
}
