import { ForbiddenException, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { StaffBrowser } from '../auth/staff-browser.js';

/** What staff do at a link is no act of the customer: from a browser of theirs nothing is opened, agreed to or paid. */
@Injectable()
export class CustomersOnly implements CanActivate {
  constructor(private readonly staff: StaffBrowser) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.method === 'GET' || request.method === 'HEAD') return true;
    if (await this.staff.isStaffs(request)) throw new ForbiddenException({ code: 'staff_preview' });
    return true;
  }
}
