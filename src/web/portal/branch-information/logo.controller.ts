import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { SetLogo } from '../../../application/branch/set-logo.js';
import { UpdateBranch } from '../../../application/branch/update-branch.js';
import { staffOf } from '../../auth/caller.js';
import { assertCsrf } from '../../auth/portal-guard.js';
import { PortalController } from '../portal-controller.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { BranchPages, type NotSaved } from './branch-pages.js';
import { branchPath } from './branch-tabs.js';
import { branchParams, type BranchParams } from './details.controller.js';
import { MAX_LOGO_BYTES, readLogoUpload } from './logo-upload.js';

const MEGABYTES = MAX_LOGO_BYTES / 1_000_000;

/** The picture at the head of pages, emails and documents. */
@PortalController('branches/:branchId/logo')
export class LogoController {
  constructor(
    private readonly commands: CommandBus,
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
    const refused =
      file === undefined
        ? { mistakes: { logo: `The file is larger than ${MEGABYTES} MB. Use a smaller one.` }, conflict: undefined }
        : await this.pages.save(request, branchId, 'logo', (context, seen) =>
            this.commands.execute(new SetLogo({ branchId, file, seen }, context)),
          );
    if (!refused) throw new PortalRedirect(`${branchPath(branchId)}/logo?note=saved`);
    await this.page(request, response, branchId, refused);
  }

  @Post('remove')
  @PortalRoute({ right: 'administer' })
  async remove(
    @Param({ schema: branchParams }) { branchId }: BranchParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.pages.branch(request, branchId);
    const refused = await this.pages.save(request, branchId, 'logo', (context, seen) =>
      this.commands.execute(new UpdateBranch({ branchId, changes: { logo: null }, seen }, context)),
    );
    if (!refused) throw new PortalRedirect(`${branchPath(branchId)}/logo?note=removed`);
    await this.page(request, response, branchId, refused);
  }

  private async page(
    request: Request,
    response: Response,
    branchId: string,
    refused: NotSaved | undefined,
  ): Promise<void> {
    const branch = await this.pages.branch(request, branchId);
    await this.pages.render(request, response, branch, {
      tab: 'logo',
      title: 'Logo',
      template: 'logo',
      refused,
      view: { logo: branch.details.logo, logoMistake: refused?.mistakes['logo'], megabytes: MEGABYTES },
    });
  }
}
