/** The least that Nest can be: one module, one controller, one page. What starts and pages are measured against. */
import 'reflect-metadata';
import { Controller, Get, Header, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

class PageController {
  page() {
    return '<!doctype html><title>A page</title><p>A page.</p>';
  }
}
const page = Object.getOwnPropertyDescriptor(PageController.prototype, 'page');
Get()(PageController.prototype, 'page', page);
Header('content-type', 'text/html')(PageController.prototype, 'page', page);
Controller()(PageController);

class PageModule {}
Module({ controllers: [PageController] })(PageModule);

const app = await NestFactory.create(PageModule, { logger: false });
await app.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
