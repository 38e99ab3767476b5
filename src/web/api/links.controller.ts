import { Body, Get, Param, Post, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { z } from 'zod';
import type { CommandContext } from '../../application/command-context.js';
import { GetLinks } from '../../application/invoice/get-links.js';
import { RevokeLink } from '../../application/invoice/revoke-link.js';
import { SendLink } from '../../application/invoice/send-link.js';
import { DomainError } from '../../domain/errors.js';
import { CurrentCaller } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { assertUnchanged, ifMatchRevision } from './conditional.js';
import { toLink } from './invoice-bodies.js';
import type { IssuedLinkBody, LinkBody, LinkPage } from './invoice-bodies.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import { issuedLink, linkBody, linkPage, newLink, nothing } from './schemas/invoices.js';
import { id, linkId as linkIdSchema } from './schemas/values.js';

const invoiceParams = z.strictObject({ invoiceId: id });
type InvoiceParams = z.infer<typeof invoiceParams>;
const linkParams = z.strictObject({ invoiceId: id, linkId: linkIdSchema });
type LinkParams = z.infer<typeof linkParams>;

@ApiController('invoices/:invoiceId/links')
export class LinksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly scope: BranchScope,
  ) {}

  @Post()
  @Route({
    summary: 'Send a link by email or text, or make one to copy',
    description: 'The message goes out in the background; follow it in the list of links.',
    right: 'handle_invoices',
    status: 202,
    answer: issuedLink,
    carries: ['Ledger-Position', 'Location'],
    refusals: [404, 409, 412, 422],
  })
  async send(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Body({ schema: newLink }) { channel, to, sendAt }: z.infer<typeof newLink>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<IssuedLinkBody>> {
    await this.assertMayChange(request, caller, invoiceId);
    const { link, url, warnings, position } = await this.commands.execute(
      // A program that asks for a text vouches for the customer's consent.
      new SendLink({ invoiceId, channel, to, sendAt, textConsent: 'api' }, context),
    );
    const body = { ...toLink(link), url, warnings: [...warnings] };
    return new Answer(body, { position, location: `/api/v1/invoices/${invoiceId}/links/${link.linkId}` });
  }

  @Get()
  @Route({
    summary: 'Follow the links of an invoice',
    right: 'handle_invoices',
    status: 200,
    answer: linkPage,
    refusals: [404],
  })
  async list(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @CurrentCaller() caller: Caller,
  ): Promise<LinkPage> {
    const { branchId, items } = await this.queries.execute(new GetLinks({ invoiceId }));
    this.scope.assertInvoice(caller, invoiceId, branchId);
    return { items: items.map(toLink), next: null };
  }

  @Get(':linkId')
  @Route({
    summary: 'Follow one link',
    right: 'handle_invoices',
    status: 200,
    answer: linkBody,
    carries: ['ETag'],
    refusals: [404],
  })
  async read(
    @Param({ schema: linkParams }) { invoiceId, linkId }: LinkParams,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<LinkBody>> {
    const { links, revision } = await this.scope.invoice(caller, invoiceId);
    const link = links.find((each) => each.linkId === linkId);
    if (!link) throw new DomainError('link_not_found', { linkId });
    return new Answer(toLink(link), { revision });
  }

  @Post(':linkId/revoke')
  @Route({
    summary: 'End a link at once',
    right: 'handle_invoices',
    status: 200,
    answer: linkBody,
    carries: ['Ledger-Position'],
    refusals: [404, 409, 412],
  })
  async revoke(
    @Param({ schema: linkParams }) { invoiceId, linkId }: LinkParams,
    @Body({ schema: nothing }) _body: unknown,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<LinkBody>> {
    await this.assertMayChange(request, caller, invoiceId);
    const { link, position } = await this.commands.execute(new RevokeLink({ invoiceId, linkId }, context));
    return new Answer(toLink(link), { position });
  }

  private async assertMayChange(request: Request, caller: Caller, invoiceId: string): Promise<void> {
    const seen = ifMatchRevision(request);
    if (seen === undefined) {
      await this.scope.assertInvoiceVisible(caller, invoiceId);
      return;
    }
    const { payableVersion, revision } = await this.scope.invoice(caller, invoiceId);
    assertUnchanged(seen, payableVersion, revision);
  }
}
