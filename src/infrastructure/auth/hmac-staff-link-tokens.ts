import { createHash, createHmac } from 'node:crypto';
import { StaffLinkTokens } from '../../application/staff/staff-links.js';

/** 256 bits made of the link's random id under a key. */
export class HmacStaffLinkTokens extends StaffLinkTokens {
  constructor(private readonly key: Buffer) {
    super();
  }

  override make(linkId: string): string {
    return createHmac('sha256', this.key).update(`staff-link:${linkId}`).digest('base64url');
  }

  override hash(token: string): string {
    return createHash('sha256').update(token).digest('hex');
  }
}
