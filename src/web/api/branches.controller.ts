import { Body, Get, Param, Patch, Post, Put, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { z } from 'zod';
import type { BranchWritten } from '../../application/branch/branch-view.js';
import { GetBranch } from '../../application/branch/get-branch.js';
import { RegisterBranch } from '../../application/branch/register-branch.js';
import { SetFeePolicy } from '../../application/branch/set-fee-policy.js';
import { SetReminders } from '../../application/branch/set-reminders.js';
import { SetUpCardProcessing } from '../../application/branch/set-up-card-processing.js';
import { TestCardProcessing } from '../../application/branch/test-card-processing.js';
import { UpdateBranch } from '../../application/branch/update-branch.js';
import type { CommandContext } from '../../application/command-context.js';
import { BranchList } from '../../projections/branches.js';
import { CurrentCaller, assertEveryBranch, visibleBranches } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { toBranch, toBranchRow, toCardProcessingTest } from './branch-bodies.js';
import type { BranchBody, BranchPage, CardProcessingTestBody } from './branch-bodies.js';
import { assertUnchanged, ifMatchRevision, seenRevision } from './conditional.js';
import { given } from './given.js';
import { ListPosition } from './list-position.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import { branchBody, branchChanges, branchPage, feePolicyInput, reminders, newBranch } from './schemas/branches.js';
import { cardProcessing, cardProcessingTest } from './schemas/card-processing.js';
import { branchQuery } from './schemas/lists.js';
import { id } from './schemas/values.js';

const branchParams = z.strictObject({ branchId: id });
type BranchParams = z.infer<typeof branchParams>;

@ApiController('branches')
export class BranchesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly branches: BranchList,
    private readonly scope: BranchScope,
    private readonly position: ListPosition,
  ) {}

  @Post()
  @Route({
    summary: 'Register a branch',
    right: 'administer',
    status: 201,
    answer: branchBody,
    carries: ['ETag', 'Ledger-Position', 'Location'],
    refusals: [409, 422],
  })
  async register(
    @Body({ schema: newBranch }) body: z.infer<typeof newBranch>,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<BranchBody>> {
    assertEveryBranch(caller);
    const written = await this.commands.execute(
      new RegisterBranch({ details: given(body) as RegisterBranch['input']['details'] }, context),
    );
    return shown(written, `/api/v1/branches/${written.branch.branchId}`);
  }

  @Get()
  @Route({ summary: 'List branches', right: 'administer', status: 200, answer: branchPage })
  async list(
    @Query({ schema: branchQuery }) { limit, cursor, after }: z.infer<typeof branchQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<BranchPage> {
    await this.position.reach(after);
    const branchIds = visibleBranches(caller, undefined);
    const { items, next } = await this.branches.find({ limit, ...given({ cursor, branchIds }) });
    return { items: items.map(toBranchRow), next };
  }

  @Get(':branchId')
  @Route({
    summary: 'Read a branch',
    right: 'administer',
    status: 200,
    answer: branchBody,
    carries: ['ETag'],
    refusals: [404],
  })
  async read(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<BranchBody>> {
    this.scope.assertBranch(caller, branchId);
    const branch = await this.queries.execute(new GetBranch({ branchId }));
    return new Answer(toBranch(branch), { revision: branch.revision });
  }

  @Patch(':branchId')
  @Route({
    summary: 'Change a branch; null clears an optional detail',
    right: 'administer',
    status: 200,
    answer: branchBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async change(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Body({ schema: branchChanges }) body: z.infer<typeof branchChanges>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<BranchBody>> {
    await this.assertMayChange(request, caller, branchId);
    const changes = given(body) as UpdateBranch['input']['changes'];
    return shown(await this.commands.execute(new UpdateBranch({ branchId, changes }, context)));
  }

  @Put(':branchId/card-processing')
  @Route({
    summary: 'Let a branch take cards',
    description:
      "On the service's own Stripe account, or on the branch's: by its keys, or as an account connected to the service's. " +
      'Keys and accounts are tried first. A secret key is kept encrypted and never answered. ' +
      'Payments that are under way are settled where they began.',
    right: 'administer',
    status: 200,
    answer: branchBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async setUpCardProcessing(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Body({ schema: cardProcessing }) body: z.infer<typeof cardProcessing>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<BranchBody>> {
    await this.assertMayChange(request, caller, branchId);
    await this.scope.assertAccount(caller, body);
    // Stripe is asked in between: what others change meanwhile is seen too.
    const revision = seenRevision(request);
    const seen = revision === undefined ? {} : { seen: { part: 'card', revision } as const };
    return shown(await this.commands.execute(new SetUpCardProcessing({ branchId, ...seen, ...body }, context)));
  }

  @Post(':branchId/card-processing/test')
  @Route({
    summary: 'Ask the card processor for the account behind the keys of a branch',
    description:
      'Says whether it can be reached, whether the keys are live, and whether the account may charge. Changes nothing.',
    right: 'administer',
    status: 200,
    answer: cardProcessingTest,
    refusals: [404],
  })
  async testCardProcessing(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @CurrentCaller() caller: Caller,
  ): Promise<CardProcessingTestBody> {
    this.scope.assertBranch(caller, branchId);
    return toCardProcessingTest(await this.queries.execute(new TestCardProcessing({ branchId })));
  }

  @Put(':branchId/fee-policy')
  @Route({
    summary: 'Set the processing fee of a branch',
    right: 'administer',
    status: 200,
    answer: branchBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async setFeePolicy(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Body({ schema: feePolicyInput }) { fixed, rateBps = 0, ...rest }: z.infer<typeof feePolicyInput>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<BranchBody>> {
    await this.assertMayChange(request, caller, branchId);
    const policy = given({ ...rest, rateBps, fixedMinor: fixed }) as SetFeePolicy['input']['policy'];
    return shown(await this.commands.execute(new SetFeePolicy({ branchId, policy }, context)));
  }

  @Put(':branchId/reminders')
  @Route({
    summary: 'Set when customers of a branch are reminded of an invoice',
    right: 'administer',
    status: 200,
    answer: branchBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async setReminders(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Body({ schema: reminders }) policy: z.infer<typeof reminders>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<BranchBody>> {
    await this.assertMayChange(request, caller, branchId);
    return shown(await this.commands.execute(new SetReminders({ branchId, policy }, context)));
  }

  private async assertMayChange(request: Request, caller: Caller, branchId: string): Promise<void> {
    this.scope.assertBranch(caller, branchId);
    const seen = ifMatchRevision(request);
    if (seen === undefined) return;
    const { revision } = await this.queries.execute(new GetBranch({ branchId }));
    assertUnchanged(seen, revision, revision);
  }
}

function shown({ branch, position }: BranchWritten, location?: string): Answer<BranchBody> {
  return new Answer(toBranch(branch), { revision: branch.revision, position, ...given({ location }) });
}
