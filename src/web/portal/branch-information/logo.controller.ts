import { Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { BranchView } from '../../../application/branch/branch-view.js';
import { SetLogo } from '../../../application/branch/set-logo.js';
import { UpdateBranch } from '../../../application/branch/update-branch.js';
import { staffOf } from '../../auth/caller.js';
import { assertCsrf } from '../../auth/portal-guard.js';
import { PortalController } from '../portal-controller.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages, type NotSaved, type SentPart } from './branch-pages.js';
import { tabPath } from './branch-tabs.js';
import { branchParams, type BranchParams } from './details.controller.js';
import type { Read } from './form-fields.js';
import { MAX_LOGO_BYTES, readLogoUpload } from './logo-upload.js';

const MEGABYTES = MAX_LOGO_BYTES / 1_000_000;

/** The picture at the head of pages, emails and documents. */
@PortalController('branches/:branchId/logo')
export class LogoController {
  constructor(private readonly pages: BranchPages) {}

  @Get()
  @PortalRoute({ right: 'administer' })
  async show(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.page(request, response, await this.pages.branch(request, branchId), undefined);
  }

  @Post()
  @PortalRoute({ right: 'administer', multipart: true })
  async upload(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    const { fields, file } = await readLogoUpload(request);
    assertCsrf(staffOf(request), fields.get('_csrf'));
    request.body = { cause: fields.get('cause'), revision: fields.get('revision') };
    const read: Read<Buffer> =
      file === undefined
        ? { mistakes: { logo: `The file is larger than ${MEGABYTES} MB. Use a smaller one.` } }
        : { value: file };
    await this.saveOr(request, response, 'saved', {
      branchId,
      part: 'logo',
      read,
      command: (picture, context, seen) => new SetLogo({ branchId, file: picture, seen }, context),
    });
  }

  @Post('remove')
  @PortalRoute({ right: 'administer' })
  async remove(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    await this.saveOr(request, response, 'removed', {
      branchId,
      part: 'logo',
      read: { value: { logo: null } },
      command: (changes, context, seen) => new UpdateBranch({ branchId, changes, seen }, context),
    });
  }

  private async saveOr<Value>(
    request: Request,
    response: Response,
    note: 'saved' | 'removed',
    sent: SentPart<Value>,
  ): Promise<void> {
    const refused = await this.pages.save(request, sent);
    if (!refused) throw new PortalRedirect(`${tabPath(sent.branchId, 'logo')}?note=${note}`);
    await this.page(request, response, await this.pages.branch(request, sent.branchId), refused);
  }

  private async page(
    request: Request,
    response: Response,
    branch: BranchView,
    refused: NotSaved | undefined,
  ): Promise<void> {
    await this.pages.render(request, response, branch, {
      tab: 'logo',
      title: 'Logo',
      template: 'logo',
      refused,
      view: { logo: branch.details.logo, logoMistake: refused?.mistakes['logo'], megabytes: MEGABYTES },
    });
  }
}
