import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { SetUpCardProcessing } from '../../../application/branch/set-up-card-processing.js';
import { TestCardProcessing, type CardProcessingTest } from '../../../application/branch/test-card-processing.js';
import { CardProcessor } from '../../../application/ports.js';
import { PortalController } from '../portal-controller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages } from './branch-pages.js';
import { branchPath } from './branch-tabs.js';
import { pillOfCards } from './card-pill.js';
import { branchParams, type BranchParams } from './details.controller.js';

/** Whether a branch takes cards, and whether the processor answers. Keys are neither shown nor asked for. */
@PortalController('branches/:branchId/card-processing')
export class CardProcessingController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly processor: CardProcessor,
    private readonly forms: PortalForms,
    private readonly pages: BranchPages,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async show(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.page(request, response, branchId, undefined);
  }

  @Post()
  @PortalRoute({ right: 'administer' })
  async setUp(@Param({ schema: branchParams }) { branchId }: BranchParams, @Req() request: Request): Promise<never> {
    await this.pages.branch(request, branchId);
    await this.commands.execute(new SetUpCardProcessing({ branchId, mode: 'platform' }, this.forms.context(request)));
    throw new PortalRedirect(`${branchPath(branchId)}/card-processing?note=card`);
  }

  @Post('test')
  @PortalRoute({ right: 'administer' })
  async test(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    await this.page(request, response, branchId, await this.queries.execute(new TestCardProcessing({ branchId })));
  }

  private async page(
    request: Request,
    response: Response,
    branchId: string,
    test: CardProcessingTest | undefined,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    await this.pages.render(request, response, branch, {
      tab: 'card',
      title: 'Card processing',
      template: 'card-processing',
      view: {
        isSetUp: branch.cardProcessing !== undefined,
        pill: pillOfCards(branch.cardProcessing !== undefined),
        keys: this.processor.testMode ? 'Test keys: no money moves.' : 'Live keys: cards are charged.',
        test: test && testView(test),
      },
    });
  }
}

function testView({ outcome, live, accountId, accountName, code }: CardProcessingTest): object {
  const account = accountId === undefined ? '' : ` The account is ${accountName ?? ''} ${accountId}`.replace('  ', ' ');
  const keys = live ? 'with live keys' : 'with test keys, so that no money moves';
  switch (outcome) {
    case 'ready':
      return { tone: 'good', words: `The processor answered, ${keys}, and charges are enabled.${account}.` };
    case 'no_charges':
      return {
        tone: 'warn',
        words: `The processor answered, ${keys}, but the account may not charge yet. Finish its set-up at the processor.${account}.`,
      };
    case 'refused':
      return {
        tone: 'bad',
        words: `The processor refused the keys of this service (${code ?? 'no reason given'}). Whoever runs the service has to give it others.`,
      };
    case 'unreachable':
      return {
        tone: 'bad',
        words: 'The processor did not answer. Nothing is known of the account; try again in a minute.',
      };
    default:
      return outcome satisfies never;
  }
}
