import { TextDirectory } from '../../application/texts/text-notices.js';
import type { TextList } from '../../projections/texts.js';

/** Looks texts up in the read model. */
export class PgTextDirectory extends TextDirectory {
  constructor(private readonly texts: TextList) {
    super();
  }

  override byProviderId(providerId: string): Promise<{ invoiceId: string; linkId: string | null } | undefined> {
    return this.texts.byProviderId(providerId);
  }

  override lastTo(number: string): Promise<{ invoiceId: string; linkId: string } | undefined> {
    return this.texts.lastTo(number);
  }
}
