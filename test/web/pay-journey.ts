/** The pay pages as they are served, over the real use cases of a journey and a clock that a test moves. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Global, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import request from 'supertest';
import { LinkLoads } from '../../src/application/pay/link-loads.js';
import { Clock, LinkTokens, PublicUrl, Randomness } from '../../src/application/ports.js';
import { BrowserSessions } from '../../src/application/staff/browser-sessions.js';
import { DEFAULT_PAY_LIMITS } from '../../src/web/pay/pay-limits.js';
import { PayModule } from '../../src/web/pay/pay.module.js';
import { startTrace } from '../../src/web/request-trace.js';
import { Journey, type JourneyOptions } from '../application/journey.js';

type Fields = Readonly<Record<string, string>>;

export class PayJourney {
  private constructor(
    readonly journey: Journey,
    private readonly nest: INestApplication,
    readonly origin: string,
  ) {}

  static async begin(options: JourneyOptions = {}): Promise<PayJourney> {
    const journey = await Journey.begin(options);
    const { world, app } = journey;
    const bus = { execute: (message: Parameters<typeof app.ask>[0]) => app.ask(message) };
    const publicUrl = { base: '' };
    const provided = [
      { provide: CommandBus, useValue: bus },
      { provide: QueryBus, useValue: bus },
      { provide: LinkTokens, useValue: world.tokens },
      { provide: Clock, useValue: world.clock },
      { provide: Randomness, useValue: world.randomness },
      { provide: PublicUrl, useValue: publicUrl },
      { provide: LinkLoads, useValue: { record: () => Promise.resolve() } },
      { provide: BrowserSessions, useValue: { find: () => Promise.resolve(undefined) } },
    ];

    @Global()
    @Module({ providers: provided, exports: provided.map(({ provide }) => provide) })
    class Outside {}

    @Module({ imports: [Outside, PayModule.register(DEFAULT_PAY_LIMITS)] })
    class Served {}

    const nest = await NestFactory.create(Served, { logger: false, abortOnError: false });
    nest.use((incoming: IncomingMessage, _response: ServerResponse, next: () => void) => {
      startTrace(incoming, () => randomUUID());
      next();
    });
    await nest.listen(0, '127.0.0.1');
    publicUrl.base = `http://127.0.0.1:${((nest.getHttpServer() as Server).address() as AddressInfo).port}`;
    return new PayJourney(journey, nest, publicUrl.base);
  }

  stop(): Promise<void> {
    return this.nest.close();
  }

  token(linkId = this.journey.linkId): string {
    return this.journey.world.tokens.make('pay', linkId);
  }

  cookie(linkId = this.journey.linkId): string {
    return `__Host-pay-${linkId}=${this.token(linkId)}`;
  }

  get(path: string, cookie = ''): request.Test {
    return request(this.origin).get(path).set('Cookie', cookie);
  }

  /** A form as a browser without scripts sends it from a page of ours. */
  post(path: string, fields: Fields, headers: Fields = {}): request.Test {
    return request(this.origin)
      .post(path)
      .type('form')
      .set({ 'Sec-Fetch-Site': 'same-origin', ...headers })
      .send(fields);
  }

  /** What the form on a page would send. */
  fieldsOf(html: string): Record<string, string> {
    const fields = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    return Object.fromEntries(fields.map(([, name, value]) => [name!, value!]));
  }

  /** Lets processes and jobs do everything that is due. */
  async work(): Promise<void> {
    const { app, world } = this.journey;
    for (;;) {
      while (await app.processes.step(50));
      const due = [...world.queue.waiting.values()].filter(({ delayMs }) => delayMs === 0);
      if (due.length === 0) return;
      for (const job of due) {
        world.queue.waiting.delete(job.id);
        await app.runJob(job);
      }
    }
  }

  /** What the events of one type say, in their order. */
  async eventsOf(type: string): Promise<readonly unknown[]> {
    const events = await this.journey.app.codec.decodeStream(this.journey.events());
    return events.filter(({ event }) => event.type === type).map(({ event }) => event.data);
  }
}
