import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { PayPage } from '../../application/pay/view-pay-page.js';
import { Clock } from '../../application/ports.js';
import { wordsFor } from '../../application/words/words.js';
import { PageAnswers } from './page-answers.js';
import { payPageView } from './pay-page-view.js';

interface Preview {
  readonly page: Omit<PayPage, 'linkId'>;
  /** Where the document and the logo of the page are. */
  readonly base: string;
  /** Where the preview leads back to; absent where staff followed a real link. */
  readonly back: string | undefined;
}

/** The pay page as staff see it: what the customer reads, without a card form and without a script that would tell of an opening. */
@Injectable()
export class StaffPreview {
  constructor(
    private readonly answers: PageAnswers,
    private readonly clock: Clock,
  ) {}

  show(response: Response, { page, base, back }: Preview): void {
    const text = wordsFor(page.locale);
    const { branch, number } = page.invoice;
    const { panel, form, ...view } = payPageView({ page, base, now: this.clock.now(), csrf: '', text });
    this.answers.page(response, {
      status: 200,
      template: 'pay/views/staff-preview',
      view: {
        ...view,
        back,
        // What the customer would press or fill in is the customer's.
        panel: panel && { ...panel, buttons: [], email: undefined },
        form: undefined,
        payment: form,
      },
      frame: { title: text.title({ number, branch: branch.name }), text, branch, testMode: page.testMode },
    });
  }
}
