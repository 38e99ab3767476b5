import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import {
  WEBHOOK_LIMIT_MS,
  WebhookSender,
  type WebhookAnswer,
  type WebhookMessage,
} from '../../application/webhooks/webhook-ports.js';
import { isLoopbackAddress, isPublicAddress, literalAddress, type AddressRules } from './public-addresses.js';

const USER_AGENT = 'Paylink-Ledger-Webhooks/1';
const MAX_HEADER_BYTES = 16_384;
/** Nothing that a receiver writes is kept; so much is read, so that it does not see its answer cut off. */
const MAX_BODY_BYTES = 65_536;

/** Every address of a name, as the system's resolver has it. */
export type ResolveAll = (
  host: string,
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

export interface SenderOptions extends AddressRules {
  readonly resolve?: ResolveAll;
  /** Certificates to trust instead of the system's. */
  readonly ca?: string;
  readonly limitMs?: number;
}

/** The name led to an address that is nobody's on the internet. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Standard Webhooks over HTTPS. The address that is connected to is the one that was judged: the name is resolved once, by the
 * connection itself, so that nothing can lead elsewhere in between. No proxy, no redirect, no connection that is used twice.
 */
export class HttpsWebhookSender extends WebhookSender {
  private readonly resolve: ResolveAll;

  constructor(private readonly options: SenderOptions) {
    super();
    this.resolve = options.resolve ?? ((host, callback) => systemLookup(host, { all: true }, callback));
  }

  override async send(message: WebhookMessage): Promise<WebhookAnswer> {
    const began = performance.now();
    const done = (answer: Partial<WebhookAnswer>): WebhookAnswer => ({
      ...{ code: undefined, error: undefined, retryAfterMs: undefined, ...answer },
      durationMs: Math.round(performance.now() - began),
    });
    try {
      const response = await this.post(message);
      const code = response.statusCode ?? 0;
      const redirected = code >= 300 && code < 400 ? 'It answered a redirect, which is not followed.' : undefined;
      return done({ code, error: redirected, retryAfterMs: retryAfterOf(response, message.sentAt) });
    } catch (error) {
      return done({ error: inWords(error) });
    }
  }

  /** Resolves with the head of the answer; its body is read away, up to a bound. */
  private post({ url, id, body, sentAt, secrets }: WebhookMessage): Promise<IncomingMessage> {
    const { limitMs = WEBHOOK_LIMIT_MS, ca } = this.options;
    const target = new URL(url);
    const literal = literalAddress(target.hostname);
    const options: RequestOptions & { ca?: string } = {
      method: 'POST',
      agent: false,
      lookup: this.lookup,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal: AbortSignal.timeout(limitMs),
      headers: {
        'Content-Type': 'application/cloudevents+json; charset=utf-8',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': USER_AGENT,
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
        'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(' '),
      },
      ...(ca === undefined ? {} : { ca }),
    };
    return new Promise((resolve, reject) => {
      // An address that is written out is connected to without a look-up.
      if (literal !== undefined) this.assertAllowed(literal);
      const open = target.protocol === 'http:' && this.options.allowLoopback ? httpRequest : httpsRequest;
      const request = open(target, options, (response) => {
        readAway(response);
        resolve(response);
      });
      request.once('socket', (socket) => this.watch(socket));
      request.once('error', reject);
      request.end(body);
    });
  }

  private readonly lookup: LookupFunction = (host, { all }, callback) => {
    this.resolve(host, (error, addresses) => {
      if (error) return callback(error, []);
      const refused = addresses.find(({ address }) => !this.isAllowed(address));
      if (refused || addresses.length === 0) return callback(new AddressRefused(), []);
      if (all) return callback(null, [...addresses]);
      return callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };

  /** The last look, at the connection itself: before a byte of the message is sent, whatever resolved the name. */
  private watch(socket: Socket): void {
    socket.once('connect', () => {
      if (!this.isAllowed(socket.remoteAddress ?? '')) socket.destroy(new AddressRefused());
    });
  }

  private assertAllowed(address: string): void {
    if (!this.isAllowed(address)) throw new AddressRefused();
  }

  private isAllowed(address: string): boolean {
    return isPublicAddress(address) || (this.options.allowLoopback && isLoopbackAddress(address));
  }
}

function readAway(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) response.destroy();
  });
  // The status has been heard; how the rest of the answer ends is of no interest.
  response.on('error', () => undefined);
}

/** RFC 9110: seconds, or a date. */
function retryAfterOf({ headers }: IncomingMessage, now: Date): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const inMs = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now.getTime();
  return Number.isFinite(inMs) && inMs > 0 ? inMs : undefined;
}

/** For the log of deliveries. A code says enough; messages of sockets name addresses. */
function inWords(error: unknown): string {
  if (error instanceof AddressRefused) return 'The name leads to an address that is not public.';
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ABORT_ERR') return 'No answer in time.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name is not known.';
  return typeof code === 'string' ? `It could not be reached (${code}).` : 'It could not be reached.';
}
