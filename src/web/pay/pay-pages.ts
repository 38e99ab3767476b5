import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { PayPage } from '../../application/pay/view-pay-page.js';
import { Clock, Randomness } from '../../application/ports.js';
import { wordsFor } from '../../application/words/words.js';
import { LinkAccess } from './link-access.js';
import { PageAnswers } from './page-answers.js';
import type { EmailMistake } from './panel-view.js';
import { linkBase, payPageView, takesCards } from './pay-page-view.js';

/** Shows the page of a link, whoever asked for it: the browser that opened it, or one that sent a form and made a mistake in it. */
@Injectable()
export class PayPages {
  constructor(
    private readonly answers: PageAnswers,
    private readonly access: LinkAccess,
    private readonly randomness: Randomness,
    private readonly clock: Clock,
  ) {}

  /** True where the link is over, and its holder was told so: the page shows nothing of the invoice, and how to ask for a fresh link. */
  answeredAsGone(response: Response, page: PayPage, token: string): boolean {
    if (page.state !== 'expired' && page.state !== 'revoked') return false;
    const words = wordsFor(page.locale);
    const { heading, text } = words.messages[page.state];
    const { branch } = page.invoice;
    const form = {
      action: `/pay/${token}/renew`,
      word: words.messages.askFreshLink,
      fields: [
        { name: '_csrf', value: this.access.csrfToken(page.linkId, token) },
        // Pressed twice it is one wish.
        { name: 'wish', value: this.randomness.uuid() },
      ],
    };
    this.answers.message(response, { status: 410, heading, text: text({ branch: branch.name }), branch, form }, words);
    return true;
  }

  /** @param mistake what was typed into the form on the page, and could not be used */
  show(response: Response, page: PayPage, token: string, mistake?: EmailMistake): void {
    const text = wordsFor(page.locale);
    const { branch, number } = page.invoice;
    const csrf = this.access.csrfToken(page.linkId, token);
    this.answers.page(response, {
      status: mistake ? 422 : 200,
      template: 'pay/views/pay-page',
      view: payPageView({ page, base: linkBase(page.linkId), now: this.clock.now(), csrf, text, mistake }),
      frame: {
        title: text.title({ number, branch: branch.name }),
        text,
        branch,
        testMode: page.testMode,
        script: 'pay.js',
        bodyClass: page.state === 'payable' ? 'can-pay' : '',
      },
      processor: takesCards(page) ? page.processor : undefined,
    });
  }
}
