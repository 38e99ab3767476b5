import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetBranch } from '../application/branch/get-branch.js';
import { DomainError } from '../domain/errors.js';
import { WebhookEndpointList, type WebhookEndpointRow } from '../projections/webhook-endpoints.js';
import { mayUseBranch, type Caller } from './auth/caller.js';
import { HttpProblem } from './http-problem.js';

/** Whatever stands in a page's address. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who is for some branches sees and makes only endpoints that are told of nothing else. The API and the portal ask here. */
@Injectable()
export class WebhookAccess {
  constructor(
    private readonly endpoints: WebhookEndpointList,
    private readonly queries: QueryBus,
  ) {}

  async visible(caller: Caller): Promise<readonly WebhookEndpointRow[]> {
    return (await this.endpoints.find()).filter((row) => isVisible(row, caller));
  }

  /** @throws DomainError `webhook_endpoint_not_found` */
  async one(caller: Caller, endpointId: string): Promise<WebhookEndpointRow> {
    const row = UUID.test(endpointId) ? await this.endpoints.one(endpointId) : undefined;
    if (!row || !isVisible(row, caller)) throw new DomainError('webhook_endpoint_not_found', { endpointId });
    return row;
  }

  /** An id out of a page's address. @throws DomainError `webhook_delivery_not_found` for what cannot be one */
  assertDeliveryId(deliveryId: string): void {
    if (!UUID.test(deliveryId)) throw new DomainError('webhook_delivery_not_found');
  }

  /** Before an endpoint is given these branches. @throws DomainError `branch_not_found` */
  async assertMayName(caller: Caller, branchIds: readonly string[] | undefined): Promise<void> {
    if (branchIds === undefined) {
      if (caller.branchIds === undefined) return;
      throw new HttpProblem('forbidden', {
        detail: 'You may do this for certain branches only: name those that the endpoint is to be told of.',
      });
    }
    for (const branchId of branchIds) {
      if (!mayUseBranch(caller, branchId)) throw new DomainError('branch_not_found', { branchId });
      await this.queries.execute(new GetBranch({ branchId }));
    }
  }
}

function isVisible({ branchIds }: WebhookEndpointRow, caller: Caller): boolean {
  if (caller.branchIds === undefined) return true;
  return branchIds !== null && branchIds.every((branchId) => mayUseBranch(caller, branchId));
}
