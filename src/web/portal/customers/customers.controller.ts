import { Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { BranchList } from '../../../projections/branches.js';
import { CustomerList, type CustomerRow } from '../../../projections/customers.js';
import { given } from '../../api/given.js';
import { ListPosition } from '../../api/list-position.js';
import { staffOf, visibleBranches, type StaffCaller } from '../../auth/caller.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRoute } from '../portal-route.js';
import { customersHref, parseCustomerSearch, type ParsedCustomerSearch } from './customer-search.js';

const PAGE_SIZE = 50;
const MAX_BRANCHES = 200;
/** A script that puts only the table into the page says so by this header. */
const PART_HEADER = 'x-part';

/** *Customers*: who they are and how they are reached, by name. */
@PortalController('customers')
export class CustomersPageController {
  constructor(
    private readonly customers: CustomerList,
    private readonly branches: BranchList,
    private readonly position: ListPosition,
    private readonly pages: PortalPages,
  ) {}

  @Get()
  @PortalRoute({ right: 'handle_invoices' })
  async find(@Req() request: Request, @Res() response: Response): Promise<void> {
    const parsed = parseCustomerSearch(request.query);
    await this.position.reach(parsed.after);
    const results = await this.results(staffOf(request), parsed);
    response.vary(PART_HEADER);
    if (request.get(PART_HEADER) === 'results') {
      this.pages.renderFragment(response, { template: 'portal/customers/views/results', view: results });
      return;
    }
    const { q = '', branchId } = parsed.search;
    await this.pages.render(request, response, {
      status: parsed.mistake === undefined ? 200 : 400,
      title: 'Customers',
      template: 'portal/customers/views/customers',
      script: 'portal-customers.js',
      view: { q, branchId, mistake: parsed.mistake, results },
    });
  }

  private async results(caller: StaffCaller, { search }: ParsedCustomerSearch): Promise<object> {
    const { branchId, cursor, q } = search;
    const branchIds = visibleBranches(caller, branchId);
    const [{ items, next }, branches] = await Promise.all([
      this.customers.find({ limit: PAGE_SIZE, ...given({ q, cursor, branchIds }) }),
      this.branchNames(caller),
    ]);
    return {
      rows: items.map((row) => rowView(row, branches)),
      isEmpty: items.length === 0,
      /** There is nobody at all yet, in contrast to nobody that matches. */
      isBlank: q === undefined && branchId === undefined && cursor === undefined,
      count: countWords(items.length, next !== null, cursor !== undefined),
      next: next === null ? undefined : customersHref({ ...search, cursor: next }),
      fromStart: cursor === undefined ? undefined : customersHref(given({ q, branchId })),
    };
  }

  private async branchNames({ branchIds }: StaffCaller): Promise<ReadonlyMap<string, string>> {
    const { items } = await this.branches.find({ limit: MAX_BRANCHES, ...given({ branchIds }) });
    return new Map(items.map(({ branchId, name }) => [branchId, name]));
  }
}

function rowView(row: CustomerRow, branches: ReadonlyMap<string, string>): object {
  return {
    href: `/staff/customers/${row.customerId}`,
    name: row.name,
    externalId: row.externalId ?? undefined,
    email: row.email ?? undefined,
    phone: row.phone ?? undefined,
    branch: branches.size > 1 ? branches.get(row.branchId) : undefined,
    language: row.locale ?? undefined,
  };
}

function countWords(count: number, more: boolean, later: boolean): string {
  if (count === 0) return 'No customer matches.';
  const words = count === 1 ? '1 customer' : `${count} customers`;
  if (later) return `${words} on this page.`;
  return more ? `The first ${words} by name; there are more.` : `${words}.`;
}
