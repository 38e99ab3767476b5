import { Body, Get, Param, Post, Put, Query, Req, StreamableFile } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { z } from 'zod';
import type { CommandContext } from '../../application/command-context.js';
import { GetInvoicePdf } from '../../application/invoice/get-invoice-pdf.js';
import { RegisterInvoice } from '../../application/invoice/register-invoice.js';
import { ReviseInvoice } from '../../application/invoice/revise-invoice.js';
import { SendInvoicePdf } from '../../application/invoice/send-invoice-pdf.js';
import { VoidInvoice } from '../../application/invoice/void-invoice.js';
import { InvoiceList } from '../../projections/invoices.js';
import { CurrentCaller, visibleBranches } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { assertUnchanged, ifMatchRevision, seenRevision } from './conditional.js';
import { given } from './given.js';
import { toInvoice, toInvoiceRow } from './invoice-bodies.js';
import type { InvoiceBody, InvoicePage, PdfRequestedBody } from './invoice-bodies.js';
import { ListPosition } from './list-position.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import {
  invoiceBody,
  invoicePage,
  newInvoice,
  pdfRecipient,
  pdfRequested,
  revisedInvoice,
  voidReason,
} from './schemas/invoices.js';
import { invoiceQuery } from './schemas/lists.js';
import { id } from './schemas/values.js';

const invoiceParams = z.strictObject({ invoiceId: id });
type InvoiceParams = z.infer<typeof invoiceParams>;

@ApiController('invoices')
export class InvoicesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly invoices: InvoiceList,
    private readonly scope: BranchScope,
    private readonly position: ListPosition,
  ) {}

  @Post()
  @Route({
    summary: 'Register an invoice',
    right: 'handle_invoices',
    status: 201,
    answer: invoiceBody,
    carries: ['ETag', 'Ledger-Position', 'Location'],
    refusals: [404, 409, 422],
  })
  async register(
    @Body({ schema: newInvoice }) body: z.infer<typeof newInvoice>,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<InvoiceBody>> {
    this.scope.assertBranch(caller, body.branchId);
    const { invoice, position } = await this.commands.execute(new RegisterInvoice(body, context));
    const location = `/api/v1/invoices/${invoice.invoiceId}`;
    return new Answer(toInvoice(invoice), { revision: invoice.revision, position, location });
  }

  @Get()
  @Route({ summary: 'Find invoices', right: 'handle_invoices', status: 200, answer: invoicePage })
  async find(
    @Query({ schema: invoiceQuery }) query: z.infer<typeof invoiceQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<InvoicePage> {
    const { after, branchId, limit, ...filter } = query;
    await this.position.reach(after);
    const branchIds = visibleBranches(caller, branchId);
    const { items, next } = await this.invoices.find({ limit, ...given({ ...filter, branchIds }) });
    return { items: items.map(toInvoiceRow), next };
  }

  @Get(':invoiceId')
  @Route({
    summary: 'Read an invoice',
    right: 'handle_invoices',
    status: 200,
    answer: invoiceBody,
    carries: ['ETag'],
    refusals: [404],
  })
  async read(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<InvoiceBody>> {
    const invoice = await this.scope.invoice(caller, invoiceId);
    return new Answer(toInvoice(invoice), { revision: invoice.revision });
  }

  @Put(':invoiceId')
  @Route({
    summary: 'Revise an invoice',
    description: 'The document is replaced whole. Its branch, number, currency and customer never change.',
    right: 'handle_invoices',
    status: 200,
    answer: invoiceBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async revise(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Body({ schema: revisedInvoice }) body: z.infer<typeof revisedInvoice>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<InvoiceBody>> {
    await this.scope.assertInvoiceVisible(caller, invoiceId);
    const input = { ...body, invoiceId, seenRevision: seenRevision(request) };
    const { invoice, position } = await this.commands.execute(new ReviseInvoice(input, context));
    return new Answer(toInvoice(invoice), { revision: invoice.revision, position });
  }

  @Post(':invoiceId/void')
  @Route({
    summary: 'Void an invoice that nobody has paid on',
    right: 'void_invoices',
    status: 200,
    answer: invoiceBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async void(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Body({ schema: voidReason }) { reason }: z.infer<typeof voidReason>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<InvoiceBody>> {
    await this.scope.assertInvoiceVisible(caller, invoiceId);
    const { invoice, position } = await this.commands.execute(
      new VoidInvoice({ invoiceId, reason, seenRevision: seenRevision(request) }, context),
    );
    return new Answer(toInvoice(invoice), { revision: invoice.revision, position });
  }

  @Get(':invoiceId/pdf')
  @Route({
    summary: 'Download an invoice',
    right: 'handle_invoices',
    status: 200,
    answer: { 'application/pdf': 'binary' },
    refusals: [404],
  })
  async pdf(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @CurrentCaller() caller: Caller,
  ): Promise<StreamableFile> {
    await this.scope.assertInvoiceVisible(caller, invoiceId);
    const { filename, content } = await this.queries.execute(new GetInvoicePdf({ invoiceId }));
    return new StreamableFile(content, {
      type: 'application/pdf',
      disposition: `attachment; filename="${filename}"`,
      length: content.length,
    });
  }

  @Post(':invoiceId/email-pdf')
  @Route({
    summary: 'Email the PDF of an invoice, without a link',
    description: 'The customer cannot pay from it. "to" is the customer\'s own address where absent.',
    right: 'handle_invoices',
    status: 202,
    answer: pdfRequested,
    carries: ['Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async emailPdf(
    @Param({ schema: invoiceParams }) { invoiceId }: InvoiceParams,
    @Body({ schema: pdfRecipient }) body: z.infer<typeof pdfRecipient>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<PdfRequestedBody>> {
    const invoice = await this.scope.invoice(caller, invoiceId);
    assertUnchanged(ifMatchRevision(request), invoice.payableVersion, invoice.revision);
    const { requestId, recipient, position } = await this.commands.execute(
      new SendInvoicePdf({ invoiceId, to: body?.to }, context),
    );
    return new Answer({ id: requestId, to: recipient, status: 'queued' }, { position });
  }
}
