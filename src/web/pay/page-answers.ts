import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { Randomness } from '../../application/ports.js';
import type { Words } from '../../application/words/words.js';
import { Views } from '../views.js';
import { contactView, PageFrames, type Branch, type FrameChoices } from './page-frame.js';
import { contentSecurityPolicy, setPrivateHeaders, type ProcessorAddresses } from './page-headers.js';
import { CALM } from './panel-view.js';

const NONCE_BYTES = 18;

/** A page with one sentence and one next step, where there is no invoice to show. */
export interface Message {
  readonly status: number;
  readonly heading: string;
  readonly text: string;
  readonly link?: { readonly href: string; readonly word: string };
  /** A button that asks for something; it needs no script. */
  readonly form?: {
    readonly action: string;
    readonly word: string;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  };
  /** Whom to ask. Its logo is left out: without a link that holds there is no address to serve it from. */
  readonly branch?: Branch;
  readonly retryAfterSeconds?: number;
}

/** Answers requests with pages: renders, and sets the headers that every page of a customer has. */
@Injectable()
export class PageAnswers {
  constructor(
    private readonly views: Views,
    private readonly frames: PageFrames,
    private readonly randomness: Randomness,
  ) {}

  page(
    response: Response,
    answer: {
      readonly status: number;
      readonly template: string;
      readonly view: unknown;
      readonly frame: Omit<FrameChoices, 'nonce' | 'processorScript'>;
      readonly processor?: ProcessorAddresses | undefined;
    },
  ): void {
    const nonce = this.randomness.bytes(NONCE_BYTES).toString('base64');
    const frame = this.frames.frame({ ...answer.frame, nonce, processorScript: answer.processor?.scriptUrl });
    const html = this.views.render(answer.template, { frame, view: answer.view });
    setPrivateHeaders(response);
    response
      .status(answer.status)
      .set('Content-Security-Policy', contentSecurityPolicy(nonce, answer.processor))
      .type('html')
      .send(html);
  }

  message(response: Response, message: Message, text: Words): void {
    const { branch } = message;
    if (message.retryAfterSeconds !== undefined) response.set('Retry-After', String(message.retryAfterSeconds));
    this.page(response, {
      status: message.status,
      template: 'pay/views/message-page',
      view: {
        mark: CALM,
        heading: message.heading,
        text: message.text,
        link: message.link,
        form: message.form,
        brand: branch && { name: branch.name, logo: undefined },
        contact: branch && contactView(branch, text),
      },
      frame: { title: message.heading, text, branch },
    });
  }
}
