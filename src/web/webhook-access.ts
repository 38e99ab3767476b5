import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetBranch } from '../application/branch/get-branch.js';
import { DomainError } from '../domain/errors.js';
import { WebhookEndpointList, type WebhookEndpointRow } from '../projections/webhook-endpoints.js';
import { mayUseBranch, type Caller } from './auth/caller.js';
import { HttpProblem } from './http-problem.js';

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
    const row = await this.endpoints.one(endpointId);
    if (!row || !isVisible(row, caller)) throw new DomainError('webhook_endpoint_not_found', { endpointId });
    return row;
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
