import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { SetUpCardProcessing, type CardProcessingInput } from '../../../application/branch/set-up-card-processing.js';
import {
  SECRET_KEY_MISSING,
  TestCardProcessing,
  type CardProcessingTest,
} from '../../../application/branch/test-card-processing.js';
import { CardProcessor, ProcessorUnavailable } from '../../../application/ports.js';
import { cardProcessing } from '../../api/schemas/card-processing.js';
import { PortalController } from '../portal-controller.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages, keptTyped, type NotSaved } from './branch-pages.js';
import { branchPath } from './branch-tabs.js';
import { CARD_FIELDS, cardFacts, givenProcessing, modesView, typedFields, typedProcessing } from './card-form.js';
import { pillOfCards } from './card-pill.js';
import { branchParams, type BranchParams } from './details.controller.js';
import { readAs, readTyped, refusalIn, type Typed } from './form-fields.js';

type Mode = CardProcessingInput['mode'];

const REFUSED: Readonly<Record<Mode, (code: string) => string>> = {
  platform: (code) =>
    `The processor refused the keys of this service (${code}). Whoever runs the service has to give it others.`,
  keys: (code) => `The processor refused the keys of this branch (${code}). Give it others below.`,
  connect: (code) => `The processor does not let this service in at the account (${code}). Connect it again at Stripe.`,
};

const KEY_MISSING =
  'The secret key of this branch is not kept here any more, so that nobody can pay by card. ' +
  'Give it again below; payments that are being checked are settled then.';

/** What the page shows besides the branch. */
interface Shown {
  readonly test?: CardProcessingTest;
  readonly typed?: Typed;
  readonly refused?: NotSaved;
}

/** On which account a branch takes cards, and whether the processor answers. A secret key is taken and never shown. */
@PortalController('branches/:branchId/card-processing')
export class CardProcessingController {
  constructor(
    private readonly queries: QueryBus,
    private readonly processor: CardProcessor,
    private readonly pages: BranchPages,
  ) {}

  @Get()
  @PortalRoute({ right: 'administer', fresh: true })
  async show(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.page(request, response, branchId, {});
  }

  @Post()
  @PortalRoute({ right: 'administer', fresh: true })
  async setUp(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    const sent = readTyped(request, CARD_FIELDS);
    const refused = await this.save(request, branchId, sent);
    if (!refused) throw new PortalRedirect(`${branchPath(branchId)}/card-processing?note=card`);
    await this.page(request, response, branchId, { typed: keptTyped(sent, refused, typedFields), refused });
  }

  @Post('test')
  @PortalRoute({ right: 'administer' })
  async test(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    const test = await this.queries.execute(new TestCardProcessing({ branchId }));
    await this.page(request, response, branchId, { test });
  }

  private async save(request: Request, branchId: string, typed: Typed): Promise<NotSaved | undefined> {
    const read = readAs(cardProcessing.safeParse(givenProcessing(typed)));
    try {
      if ('value' in read) await this.pages.assertAccount(request, read.value);
      return await this.pages.save(request, {
        branchId,
        part: 'card',
        read,
        command: (input, context, seen) => new SetUpCardProcessing({ branchId, ...input, seen }, context),
      });
    } catch (error) {
      if (!(error instanceof ProcessorUnavailable)) return { mistakes: refusalIn(error) };
      return { mistakes: { form: 'Stripe did not answer. Nothing was changed; try again.' } };
    }
  }

  private async page(
    request: Request,
    response: Response,
    branchId: string,
    { test, typed, refused }: Shown,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    await this.pages.render(request, response, branch, {
      tab: 'card',
      title: 'Card processing',
      template: 'card-processing',
      refused,
      view: {
        isSetUp: branch.cardProcessing !== undefined,
        facts: cardFacts(branch),
        modes: modesView(branch, typed ?? typedProcessing(branch), refused?.mistakes ?? {}),
        modeMistake: refused?.mistakes['mode'],
        pill: pillOfCards(branch.cardProcessing !== undefined),
        keys: this.processor.testMode ? 'Test keys: no money moves.' : 'Live keys: cards are charged.',
        test: test && testView(test, branch.cardProcessing?.mode ?? 'platform'),
      },
    });
  }
}

function testView({ outcome, live, accountId, accountName, code }: CardProcessingTest, mode: Mode): object {
  const account =
    accountId === undefined ? '' : ` The account is ${accountName ?? ''} ${accountId}.`.replace('  ', ' ');
  const keys = live ? 'with live keys' : 'with test keys, so that no money moves';
  switch (outcome) {
    case 'ready':
      return { tone: 'good', words: `The processor answered, ${keys}, and charges are enabled.${account}` };
    case 'no_charges':
      return {
        tone: 'warn',
        words: `The processor answered, ${keys}, but the account may not charge yet. Finish its set-up at the processor.${account}`,
      };
    case 'refused':
      return {
        tone: 'bad',
        words: code === SECRET_KEY_MISSING ? KEY_MISSING : REFUSED[mode](code ?? 'no reason given'),
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
