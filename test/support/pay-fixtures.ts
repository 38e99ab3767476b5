import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Global, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandHandler, CqrsModule, QueryHandler } from '@nestjs/cqrs';
import { GetInvoicePdf, type PdfFile } from '../../src/application/invoice/get-invoice-pdf.js';
import { EmailReceipt } from '../../src/application/pay/email-receipt.js';
import { GetReceipt, GetReceiptPdf, type ReceiptView } from '../../src/application/pay/get-receipt.js';
import { LinkLoads, type LinkLoad } from '../../src/application/pay/link-loads.js';
import { OpenLink } from '../../src/application/pay/open-link.js';
import type { PaymentOutcome } from '../../src/application/pay/payment-settlement.js';
import { QuotePayment, type Quote } from '../../src/application/pay/quote-payment.js';
import { ReleaseOpenPayment } from '../../src/application/pay/release-open-payment.js';
import { RenewLink } from '../../src/application/pay/renew-link.js';
import { SettleOpenPayment } from '../../src/application/pay/settle-open-payment.js';
import { SubmitPayment } from '../../src/application/pay/submit-payment.js';
import { ViewPayPage, type PayPage } from '../../src/application/pay/view-pay-page.js';
import { Clock, LinkTokens, PublicUrl, Randomness } from '../../src/application/ports.js';
import { BrowserSessions } from '../../src/application/staff/browser-sessions.js';
import { DomainError, type DomainErrorCode } from '../../src/domain/errors.js';
import { sendBrowserFile } from '../../src/sandbox/stripe/browser-files.js';
import { DEFAULT_PAY_LIMITS, type PayLimitSettings } from '../../src/web/pay/pay-limits.js';
import { PayModule } from '../../src/web/pay/pay.module.js';
import { startTrace } from '../../src/web/request-trace.js';
import { NOW, PAGES, payPage, QUOTE, RECEIPT } from './pay-pages.js';

/** What the application answers for one link. A test changes it as it goes. */
export interface Scene {
  page: PayPage | Error;
  quote: Quote | Error;
  /** The answers of pay, settle and release, in order; the last one is repeated. */
  outcomes: (PaymentOutcome | Error)[];
  /** Why a receipt is mailed to nobody, or no fresh link is sent. */
  refused?: DomainErrorCode;
}

type PayCommand =
  EmailReceipt | OpenLink | QuotePayment | SubmitPayment | SettleOpenPayment | ReleaseOpenPayment | RenewLink;

/** The application behind the pages: scenes by link, and every command that the pages sent. */
export class PayWorld {
  readonly scenes = new Map<string, Scene>();
  readonly commands: PayCommand[] = [];
  readonly loads: LinkLoad[] = [];
  receipt: ReceiptView | Error = { receipt: RECEIPT, invoiceId: 'invoice', linkId: 'link' };

  scene(linkId: string): Scene {
    const scene = this.scenes.get(linkId);
    if (!scene) throw new DomainError('link_not_found', { linkId });
    return scene;
  }

  outcome(command: PayCommand): PaymentOutcome {
    this.commands.push(command);
    const { outcomes } = this.scene(command.input.linkId);
    const next = outcomes.length > 1 ? outcomes.shift() : outcomes[0];
    return orThrow(next ?? new Error('The scene has no outcome'));
  }
}

function orThrow<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}

@QueryHandler(ViewPayPage)
class ViewScene {
  constructor(private readonly world: PayWorld) {}
  execute({ input }: ViewPayPage): Promise<PayPage> {
    return Promise.resolve().then(() => orThrow(this.world.scene(input.linkId).page));
  }
}

@CommandHandler(QuotePayment)
class QuoteScene {
  constructor(private readonly world: PayWorld) {}
  execute(command: QuotePayment): Promise<Quote> {
    this.world.commands.push(command);
    return Promise.resolve().then(() => orThrow(this.world.scene(command.input.linkId).quote));
  }
}

@CommandHandler(OpenLink)
class OpenScene {
  constructor(private readonly world: PayWorld) {}
  execute(command: OpenLink): Promise<void> {
    this.world.commands.push(command);
    return Promise.resolve();
  }
}

@CommandHandler(SubmitPayment)
class SubmitScene {
  constructor(private readonly world: PayWorld) {}
  execute(command: SubmitPayment): Promise<PaymentOutcome> {
    return Promise.resolve().then(() => this.world.outcome(command));
  }
}

@CommandHandler(SettleOpenPayment)
class SettleScene {
  constructor(private readonly world: PayWorld) {}
  execute(command: SettleOpenPayment): Promise<PaymentOutcome> {
    return Promise.resolve().then(() => this.world.outcome(command));
  }
}

@CommandHandler(ReleaseOpenPayment)
class ReleaseScene {
  constructor(private readonly world: PayWorld) {}
  execute(command: ReleaseOpenPayment): Promise<PaymentOutcome> {
    return Promise.resolve().then(() => this.world.outcome(command));
  }
}

@CommandHandler(EmailReceipt)
class EmailScene {
  constructor(private readonly world: PayWorld) {}
  execute(command: EmailReceipt): Promise<void> {
    this.world.commands.push(command);
    const { refused } = this.world.scene(command.input.linkId);
    return refused ? Promise.reject(new DomainError(refused)) : Promise.resolve();
  }
}

@CommandHandler(RenewLink)
class RenewScene {
  constructor(private readonly world: PayWorld) {}
  execute(command: RenewLink): Promise<void> {
    this.world.commands.push(command);
    const { refused } = this.world.scene(command.input.linkId);
    return refused ? Promise.reject(new DomainError(refused)) : Promise.resolve();
  }
}

@QueryHandler(GetReceipt)
class ViewReceipt {
  constructor(private readonly world: PayWorld) {}
  execute(): Promise<ReceiptView> {
    return Promise.resolve().then(() => orThrow(this.world.receipt));
  }
}

const pdf = (filename: string): Promise<PdfFile> => Promise.resolve({ filename, content: Buffer.from('%PDF-1.7') });

@QueryHandler(GetInvoicePdf)
class InvoiceFile {
  execute(): Promise<PdfFile> {
    return pdf('invoice-INV-1001.pdf');
  }
}

@QueryHandler(GetReceiptPdf)
class ReceiptFile {
  execute(): Promise<PdfFile> {
    return pdf('receipt-000042.pdf');
  }
}

/** Tokens that a test can write down. */
class PlainTokens extends LinkTokens {
  override make(purpose: 'pay' | 'receipt', id: string): string {
    return `${purpose}-${id}`;
  }
  override verify(purpose: 'pay' | 'receipt', token: string): string | undefined {
    return new RegExp(`^${purpose}-([A-Za-z0-9_-]{16})$`).exec(token)?.[1];
  }
}

const randomness: Randomness = { uuid: () => randomUUID(), bytes: (count) => randomBytes(count) };

export interface PayFixture {
  readonly app: INestApplication;
  readonly origin: string;
  readonly processorOrigin: string;
  readonly world: PayWorld;
  /** A fresh link in this state of the application. */
  link(changes?: Partial<PayPage>, scene?: Partial<Scene>): string;
  stop(): Promise<void>;
}

/** The pay pages as they are served, over an application that answers what a test puts into its scenes. */
export async function startPayFixture(limits: Partial<PayLimitSettings> = {}): Promise<PayFixture> {
  const world = new PayWorld();
  const processor = await startProcessor();
  const processorOrigin = originOf(processor);
  const publicUrl = { base: '' };
  const doubles = [
    { provide: PayWorld, useValue: world },
    { provide: LinkTokens, useClass: PlainTokens },
    { provide: LinkLoads, useValue: { record: (load: LinkLoad) => Promise.resolve(void world.loads.push(load)) } },
    { provide: BrowserSessions, useValue: { find: (secret: string | undefined) => Promise.resolve(secret && {}) } },
    { provide: Clock, useValue: { now: () => NOW } },
    { provide: Randomness, useValue: randomness },
    { provide: PublicUrl, useValue: publicUrl },
  ];
  const handlers = [
    ...[ViewScene, QuoteScene, OpenScene, SubmitScene, SettleScene, ReleaseScene, EmailScene, RenewScene],
    ...[ViewReceipt, InvoiceFile, ReceiptFile],
  ];

  @Global()
  @Module({ providers: [...doubles, ...handlers], exports: doubles.map(({ provide }) => provide) })
  class Doubles {}

  @Module({
    imports: [CqrsModule.forRoot(), Doubles, PayModule.register({ ...DEFAULT_PAY_LIMITS, ...limits })],
  })
  class Fixture {}

  const app = await NestFactory.create(Fixture, { logger: false, abortOnError: false });
  app.use((request: IncomingMessage, _response: ServerResponse, next: () => void) => {
    startTrace(request, () => randomUUID());
    next();
  });
  await app.listen(0, '127.0.0.1');
  const origin = originOf(app.getHttpServer() as Server);
  publicUrl.base = origin;
  let links = 0;
  return {
    app,
    origin,
    processorOrigin,
    world,
    link(changes = {}, scene = {}) {
      links += 1;
      const linkId = `fixture-${String(links).padStart(8, '0')}`;
      const page = payPage(linkId, `${processorOrigin}/endive/stripe.js`, changes);
      world.scenes.set(linkId, { page, quote: QUOTE, outcomes: [], ...scene });
      return linkId;
    },
    async stop() {
      await app.close();
      await new Promise((closed) => {
        processor.close(closed);
        processor.closeAllConnections();
      });
    },
  };
}

/** Links in every state that has a picture, by name. */
export function linksOfAllPages(fixture: PayFixture): ReadonlyMap<string, string> {
  return new Map(Object.entries(PAGES).map(([name, changes]) => [name, fixture.link(changes)]));
}

/** The card form of the processor's stand-in, on an origin of its own; every card gets the same token. */
async function startProcessor(): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      if (await sendBrowserFile(path, response)) return;
      response
        .setHeader('content-type', 'application/json')
        .setHeader('access-control-allow-origin', '*')
        .end(JSON.stringify({ id: 'ctoken_fixture_1', object: 'confirmation_token' }));
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
