import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { CustomerView } from '../../../application/customer/customer-view.js';
import { UpdateCustomer, type UpdateCustomerInput } from '../../../application/customer/update-customer.js';
import { Clock } from '../../../application/ports.js';
import { DomainError } from '../../../domain/errors.js';
import { InvoiceList } from '../../../projections/invoices.js';
import { BranchScope } from '../../api/branch-scope.js';
import { ListPosition } from '../../api/list-position.js';
import { id } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { HttpProblem } from '../../http-problem.js';
import { NO_MISTAKES, refusalIn, type Mistakes, type Typed } from '../branch-information/form-fields.js';
import { invoiceRowView } from '../invoice-row.js';
import { PortalController } from '../portal-controller.js';
import { PortalForms } from '../portal-forms.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import { changesIn, conflictView, customerFormView, readCustomer, typedOf } from './customer-form.js';
import { textsPanel, unreachableWords } from './customer-page-view.js';

const customerParams = z.strictObject({ customerId: id });
type CustomerParams = z.infer<typeof customerParams>;

const MAX_INVOICES = 20;

const NOTES: Readonly<Record<string, string>> = {
  saved: 'Saved. Messages go to these addresses from now on; invoices that were issued say what they said.',
  agreed: 'Noted: the customer agreed to texts.',
  none: 'Noted: no texts go to this number any more.',
};

/** What was typed and could not be kept. */
interface NotSaved {
  readonly typed: Typed;
  readonly mistakes: Mistakes;
  /** Somebody else was faster. */
  readonly isConflict: boolean;
}

/** One customer: how they are reached, whether they want texts, and what they owe. */
@PortalController('customers/:customerId')
export class CustomerPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly scope: BranchScope,
    private readonly invoices: InvoiceList,
    private readonly position: ListPosition,
    private readonly forms: PortalForms,
    private readonly pages: PortalPages,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'handle_invoices' })
  async show(
    @Param({ schema: customerParams }) { customerId }: CustomerParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.page(request, response, await this.scope.customer(staffOf(request), customerId), undefined);
  }

  @Post()
  @PortalRoute({ right: 'handle_invoices' })
  async save(
    @Param({ schema: customerParams }) { customerId }: CustomerParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.scope.customer(staffOf(request), customerId);
    const typed = readCustomer(request);
    const read = changesIn(typed);
    const refused =
      'mistakes' in read
        ? { typed, mistakes: read.mistakes, isConflict: false }
        : await this.update(request, typed, { customerId, ...read.value, seenRevision: seenIn(request) });
    if (!refused) throw new PortalRedirect(`/staff/customers/${customerId}?note=saved`);
    await this.page(request, response, await this.scope.customer(staffOf(request), customerId), refused);
  }

  /** The customer said so to staff, either way. */
  @Post('texts')
  @PortalRoute({ right: 'handle_invoices' })
  async texts(
    @Param({ schema: customerParams }) { customerId }: CustomerParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const customer = await this.scope.customer(staffOf(request), customerId);
    const agreed = formText(request, 'agreed') === 'yes';
    const typed = typedOf(customer);
    const refused = await this.update(request, typed, {
      customerId,
      changes: {},
      textConsent: { agreed, how: 'staff' },
      seenRevision: seenIn(request),
    });
    if (!refused) throw new PortalRedirect(`/staff/customers/${customerId}?note=${agreed ? 'agreed' : 'none'}`);
    const present = await this.scope.customer(staffOf(request), customerId);
    await this.page(request, response, present, { ...refused, typed: typedOf(present) });
  }

  /** What to say where it was not kept. @throws whatever is no refusal of what was typed */
  private async update(request: Request, typed: Typed, input: UpdateCustomerInput): Promise<NotSaved | undefined> {
    try {
      const { position } = await this.commands.execute(new UpdateCustomer(input, this.forms.context(request)));
      await this.position.reach(String(position));
      return undefined;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'version_changed') {
        return { typed, mistakes: NO_MISTAKES, isConflict: true };
      }
      return { typed, mistakes: refusalIn(error), isConflict: false };
    }
  }

  private async page(
    request: Request,
    response: Response,
    customer: CustomerView,
    refused: NotSaved | undefined,
  ): Promise<void> {
    const { customerId } = customer;
    const { items, next } = await this.invoices.find({ customerId, limit: MAX_INVOICES });
    const now = this.clock.now();
    const typed = refused?.typed ?? typedOf(customer);
    const mistakes = refused?.mistakes ?? NO_MISTAKES;
    const note = request.query['note'];
    await this.pages.render(request, response, {
      status: refused ? (refused.isConflict ? 409 : 422) : 200,
      title: customer.details.name,
      template: 'portal/customers/views/customer',
      script: 'portal-customer.js',
      view: {
        path: `/staff/customers/${customerId}`,
        name: customer.details.name,
        branch: customer.branch.name,
        externalId: customer.externalId,
        note: !refused && typeof note === 'string' && Object.hasOwn(NOTES, note) ? NOTES[note] : undefined,
        mistake: mistakes['form'] ?? mistakes['textConsent'],
        conflict: refused?.isConflict ? conflictView(customer, typed) : undefined,
        unreachable: unreachableWords(customer, now),
        form: customerFormView(customer, typed, mistakes),
        texts: textsPanel(customer, now),
        invoices: items.map(invoiceRowView),
        more: next === null ? undefined : `/staff/invoices?customerId=${customerId}`,
        revision: String(customer.revision),
        cause: this.forms.newCause(),
        secondCause: this.forms.newCause(),
        csrf: staffOf(request).csrf,
      },
    });
  }
}

function seenIn(request: Request): bigint {
  const text = formText(request, 'revision');
  if (!/^\d{1,18}$/.test(text)) {
    throw new HttpProblem('malformed_request', { detail: 'The form is incomplete. Load the page again.' });
  }
  return BigInt(text);
}
