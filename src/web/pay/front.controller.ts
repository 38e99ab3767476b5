import { Controller, Get, Req, Res, UseFilters } from '@nestjs/common';
import type { Request, Response } from 'express';
import { PageAnswers } from './page-answers.js';
import { PayErrors } from './pay-errors.js';
import { rememberedWords } from './reader-language.js';

/** The bare address, which customers type from memory: says where their invoice is, and shows staff their way in. */
@Controller()
@UseFilters(PayErrors)
export class FrontController {
  constructor(private readonly answers: PageAnswers) {}

  @Get()
  front(@Req() request: Request, @Res() response: Response): void {
    const words = rememberedWords(request);
    const { heading, text, staff } = words.messages.front;
    this.answers.message(response, { status: 200, heading, text, link: { href: '/staff', word: staff } }, words);
  }
}
