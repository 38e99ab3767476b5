/** A receiver of webhooks as an integrator would write it: HTTPS, signatures checked by the library. */
import { createServer, type Server } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { makeCertificate } from '../../src/sandbox/mailbox/certificate.js';

export interface ReceivedMessage {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

/** What it answers to the next message. `never`: it takes the message and is silent. */
export interface ReceiverAnswer {
  readonly status: number | 'never';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export class WebhookReceiver {
  readonly messages: ReceivedMessage[] = [];
  answer: ReceiverAnswer = { status: 200 };

  private constructor(
    private readonly server: Server,
    /** The certificate to trust. */
    readonly ca: string,
  ) {}

  static async start(): Promise<WebhookReceiver> {
    const { key, cert } = makeCertificate(new Date());
    const server = createServer({ key, cert });
    const receiver = new WebhookReceiver(server, cert);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        receiver.messages.push({ headers: request.headers, body, path: request.url ?? '' });
        const { status, headers, body: text } = receiver.answer;
        if (status !== 'never') response.writeHead(status, { ...headers }).end(text);
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** With a name that its certificate is for. */
  get url(): string {
    return `https://localhost:${this.port}/hooks`;
  }

  /** The body, if the signature is right. @throws WebhookVerificationError */
  verified(secret: string, message = this.messages.at(-1)!): unknown {
    return new Webhook(secret).verify(message.body, message.headers as Record<string, string>);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
