import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { CreateApiKey } from '../../application/administration/create-api-key.js';
import { RevokeApiKey } from '../../application/administration/revoke-api-key.js';
import { GetBranch } from '../../application/branch/get-branch.js';
import type { CommandContext } from '../../application/command-context.js';
import { Clock } from '../../application/ports.js';
import { DomainError } from '../../domain/errors.js';
import { ApiKeyList } from '../../projections/api-keys.js';
import type { ApiKeyRow } from '../../projections/api-keys.js';
import { CurrentCaller, mayUseBranch } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { HttpProblem } from '../http-problem.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import { apiKeyPage, createdApiKey, newApiKey } from './schemas/api-keys.js';
import { id } from './schemas/values.js';

const keyParams = z.strictObject({ keyId: id });

/** Keys of the API. A key of some branches sees and makes only keys of those. */
@ApiController('api-keys')
export class ApiKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly keys: ApiKeyList,
    private readonly scope: BranchScope,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Route({ summary: 'List API keys', right: 'administer', status: 200, answer: apiKeyPage })
  async list(@CurrentCaller() caller: Caller): Promise<z.infer<typeof apiKeyPage>> {
    const rows = await this.keys.find();
    return { items: rows.filter((row) => row.revokedAt === null && isVisible(row, caller)).map(shown), next: null };
  }

  @Post()
  @Route({
    summary: 'Make an API key',
    description: 'The key is answered once and works from then on.',
    right: 'administer',
    status: 201,
    answer: createdApiKey,
    carries: ['Ledger-Position'],
    refusals: [404, 409, 422],
  })
  async create(
    @Body({ schema: newApiKey }) body: z.infer<typeof newApiKey>,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<z.infer<typeof createdApiKey>>> {
    await this.assertMayGrant(caller, body.branchIds);
    if (body.expiresAt !== undefined && Date.parse(body.expiresAt) <= this.clock.now().getTime()) {
      throw new HttpProblem('malformed_request', {
        errors: [{ path: 'expiresAt', message: 'must lie in the future' }],
      });
    }
    const { keyId, key, position } = await this.commands.execute(new CreateApiKey(body, context));
    return new Answer({ id: keyId, key }, { position });
  }

  @Delete(':keyId')
  @Route({
    summary: 'Revoke an API key',
    right: 'administer',
    status: 204,
    carries: ['Ledger-Position'],
    refusals: [404, 409],
  })
  async revoke(
    @Param({ schema: keyParams }) { keyId }: z.infer<typeof keyParams>,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<undefined>> {
    if (caller.branchIds !== undefined) {
      const row = (await this.keys.find()).find((each) => each.keyId === keyId);
      if (!row || !isVisible(row, caller)) throw new DomainError('api_key_not_found', { keyId });
    }
    const { position } = await this.commands.execute(new RevokeApiKey({ keyId }, context));
    return new Answer(undefined, { position });
  }

  /** Nobody hands out more than they hold, and no key is for a branch that is not there. */
  private async assertMayGrant(caller: Caller, branchIds: readonly string[] | undefined): Promise<void> {
    if (branchIds === undefined) {
      if (caller.branchIds === undefined) return;
      throw new HttpProblem('forbidden', {
        detail: 'The API key is for certain branches and can only make keys for those: give "branchIds".',
      });
    }
    for (const branchId of branchIds) {
      this.scope.assertBranch(caller, branchId);
      await this.queries.execute(new GetBranch({ branchId }));
    }
  }
}

function isVisible(row: ApiKeyRow, caller: Caller): boolean {
  if (caller.branchIds === undefined) return true;
  return row.branchIds !== null && row.branchIds.every((branchId) => mayUseBranch(caller, branchId));
}

function shown({
  keyId,
  name,
  role,
  branchIds,
  createdAt,
  expiresAt,
}: ApiKeyRow): z.infer<typeof apiKeyPage>['items'][number] {
  return { id: keyId, name, role, branchIds: branchIds && [...branchIds], createdAt, expiresAt };
}
