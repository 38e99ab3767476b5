import { Body, Get, Param, Patch, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request } from 'express';
import { z } from 'zod';
import type { CommandContext } from '../../application/command-context.js';
import { UpdateCustomer } from '../../application/customer/update-customer.js';
import { CustomerList } from '../../projections/customers.js';
import { CurrentCaller, visibleBranches } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { Answer } from './answer.js';
import { ApiController } from './api-controller.js';
import { BranchScope } from './branch-scope.js';
import { seenRevision } from './conditional.js';
import { toCustomer, toCustomerRow } from './customer-bodies.js';
import type { CustomerBody, CustomerPage } from './customer-bodies.js';
import { given } from './given.js';
import { ListPosition } from './list-position.js';
import { Context } from './request-context.js';
import { Route } from './route.js';
import { customerBody, customerChanges, customerPage, customerQuery } from './schemas/customers.js';
import { id } from './schemas/values.js';

const customerParams = z.strictObject({ customerId: id });
type CustomerParams = z.infer<typeof customerParams>;

/** Customers of branches. The first invoice that names one registers them. */
@ApiController('customers')
export class CustomersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly customers: CustomerList,
    private readonly scope: BranchScope,
    private readonly position: ListPosition,
  ) {}

  @Get()
  @Route({ summary: 'Find customers', right: 'handle_invoices', status: 200, answer: customerPage })
  async find(
    @Query({ schema: customerQuery }) query: z.infer<typeof customerQuery>,
    @CurrentCaller() caller: Caller,
  ): Promise<CustomerPage> {
    const { after, branchId, limit, ...filter } = query;
    await this.position.reach(after);
    const branchIds = visibleBranches(caller, branchId);
    const { items, next } = await this.customers.find({ limit, ...given({ ...filter, branchIds }) });
    return { items: items.map(toCustomerRow), next };
  }

  @Get(':customerId')
  @Route({
    summary: 'Read a customer',
    right: 'handle_invoices',
    status: 200,
    answer: customerBody,
    carries: ['ETag'],
    refusals: [404],
  })
  async read(
    @Param({ schema: customerParams }) { customerId }: CustomerParams,
    @CurrentCaller() caller: Caller,
  ): Promise<Answer<CustomerBody>> {
    const customer = await this.scope.customer(caller, customerId);
    return new Answer(toCustomer(customer), { revision: customer.revision });
  }

  @Patch(':customerId')
  @Route({
    summary: 'Change a customer; null takes a detail away',
    description:
      'Invoices that were issued keep what they say. Messages that name no recipient of their own go to the present addresses.',
    right: 'handle_invoices',
    status: 200,
    answer: customerBody,
    carries: ['ETag', 'Ledger-Position'],
    refusals: [404, 409, 412, 422],
  })
  async change(
    @Param({ schema: customerParams }) { customerId }: CustomerParams,
    @Body({ schema: customerChanges }) body: z.infer<typeof customerChanges>,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
    @Context() context: CommandContext,
  ): Promise<Answer<CustomerBody>> {
    await this.scope.customer(caller, customerId);
    const { locale, timeZone, textConsent, ...details } = body;
    const { customer, position } = await this.commands.execute(
      new UpdateCustomer(
        {
          customerId,
          changes: given(details),
          ...{ locale, timeZone },
          textConsent: textConsent === undefined ? undefined : { agreed: textConsent, how: 'api' },
          seenRevision: seenRevision(request),
        },
        context,
      ),
    );
    return new Answer(toCustomer(customer), { revision: customer.revision, position });
  }
}
