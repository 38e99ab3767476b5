import { Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { UpdateCustomer } from '../../../application/customer/update-customer.js';
import { DomainError } from '../../../domain/errors.js';
import { BranchScope } from '../../api/branch-scope.js';
import { id, linkId as linkIdSchema } from '../../api/schemas/values.js';
import { staffOf } from '../../auth/caller.js';
import { PortalController } from '../portal-controller.js';
import { answerDone, PortalForms, wantsJson } from '../portal-forms.js';
import { PortalRoute } from '../portal-route.js';

const linkParams = z.strictObject({ invoiceId: id, linkId: linkIdSchema });
type LinkParams = z.infer<typeof linkParams>;

/**
 * *Save to customer?*: the recipient that was typed in for one link becomes the customer's own. The link names the address, so that
 * none stands in an address of ours.
 */
@PortalController('invoices/:invoiceId/links/:linkId/save-to-customer')
export class SaveRecipientController {
  constructor(
    private readonly commands: CommandBus,
    private readonly scope: BranchScope,
    private readonly forms: PortalForms,
  ) {}

  @Post()
  @PortalRoute({ right: 'handle_invoices' })
  async save(
    @Param({ schema: linkParams }) { invoiceId, linkId }: LinkParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { customerId, links } = await this.scope.invoice(staffOf(request), invoiceId);
    const { channel, recipient } = links.find((link) => link.linkId === linkId) ?? {};
    if (recipient === undefined) throw new DomainError('link_not_found', { linkId });
    const changes = channel === 'email' ? { email: recipient } : { phone: recipient };
    const { customer, position } = await this.commands.execute(
      new UpdateCustomer({ customerId, changes }, this.forms.context(request)),
    );
    const path = `/staff/customers/${customerId}`;
    if (!wantsJson(request)) {
      response.redirect(303, `${path}?note=saved`);
      return;
    }
    const said = `Saved: messages to ${customer.details.name} go to ${recipient} from now on.`;
    answerDone(response, { said, offers: [{ word: 'View customer', href: path }], position });
  }
}
