/** The addresses that customers follow. Made whenever they are needed, stored nowhere. */
import { Injectable } from '@nestjs/common';
import { LinkTokens, PublicUrl } from './ports.js';

@Injectable()
export class LinkUrls {
  constructor(
    private readonly tokens: LinkTokens,
    private readonly publicUrl: PublicUrl,
  ) {}

  pay(linkId: string): string {
    return `${this.publicUrl.base}/pay/${this.tokens.make('pay', linkId)}`;
  }

  /** Where the bank's step returns to: the clean address, opened by the link's cookie. */
  payPage(linkId: string): string {
    return `${this.publicUrl.base}/pay/i/${linkId}`;
  }

  receipt(receiptId: string): string {
    return `${this.publicUrl.base}/receipts/${this.tokens.make('receipt', receiptId)}`;
  }

  /** For Message-IDs: the host of this service. */
  get host(): string {
    return new URL(this.publicUrl.base).hostname;
  }
}
