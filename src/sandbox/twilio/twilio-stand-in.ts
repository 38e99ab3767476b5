import type { IncomingMessage, ServerResponse } from 'node:http';
import type pg from 'pg';
import type { FaultPlan } from '../fault-plan.js';
import { BodyTooLarge, readBody, sendJson } from '../handler.js';
import type { Handler } from '../handler.js';
import type { MessageStore } from '../mailbox/message-store.js';
import { MessageTable, statusOf } from './message-table.js';
import type { TextMessage, TextQuery } from './message-table.js';
import { countSegments } from './segments.js';
import { StatusCallbacks } from './status-callbacks.js';
import { TwilioError, magicRefusal, recipientRefused } from './twilio-error.js';

const API = '/2010-04-01';
const BODY_LIMIT_BYTES = 100_000;
const TEXT_LIMIT = 1600;
const PAGE_LIMIT = 1000;

export interface TwilioStandInOptions {
  readonly pool: pg.Pool;
  readonly inbox: MessageStore;
  readonly faults: FaultPlan;
  readonly accountSid: string;
  readonly authToken: string;
  /** The one number of the account. */
  readonly from: string;
  readonly now: () => Date;
  /** 32 hexadecimal digits that were never given before. */
  readonly newId: () => string;
}

export interface TwilioStandIn {
  readonly handle: Handler;
  stop(): Promise<void>;
}

/** Twilio's Messages API: send, fetch, list. Texts end in the inbox; nobody's telephone rings. */
export async function createTwilioStandIn(options: TwilioStandInOptions): Promise<TwilioStandIn> {
  const table = new MessageTable(options.pool, options.inbox);
  await table.createSchema();
  const callbacks = new StatusCallbacks({ ...options, table });
  callbacks.wake();
  const api = new MessagesApi(options, table, callbacks);
  return { handle: (request, response, url) => api.handle(request, response, url), stop: () => callbacks.stop() };
}

class MessagesApi {
  constructor(
    private readonly options: TwilioStandInOptions,
    private readonly table: MessageTable,
    private readonly callbacks: StatusCallbacks,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    if (!url.pathname.startsWith(`${API}/`)) return false;
    try {
      await this.options.faults.delay();
      this.authenticate(request);
      const [, sid] = /^\/2010-04-01\/Accounts\/[^/]+\/Messages(?:\/([^/]+))?\.json$/.exec(url.pathname) ?? [];
      const collection = url.pathname === `${API}/Accounts/${this.options.accountSid}/Messages.json`;
      if (collection && request.method === 'POST') await this.send(request, response);
      else if (collection && request.method === 'GET') await this.list(response, url);
      else if (sid !== undefined && request.method === 'GET') await this.fetch(response, sid);
      else throw new TwilioError(404, 20404, `The requested resource ${url.pathname} was not found`);
    } catch (error) {
      const shown = error instanceof TwilioError ? error : asTwilioError(error);
      if (shown.status === 401) response.setHeader('www-authenticate', 'Basic realm="Twilio API"');
      sendJson(response, shown.status, shown);
    }
    return true;
  }

  private authenticate(request: IncomingMessage): void {
    const { accountSid, authToken } = this.options;
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization !== expected) throw new TwilioError(401, 20003, 'Authenticate');
  }

  private async send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults, now } = this.options;
    const form = new URLSearchParams(await readBody(request, BODY_LIMIT_BYTES));
    const { to, body, statusCallback } = this.check(form);
    if (faults.refuses(to)) throw recipientRefused(faults.refuseCode ?? 21610);
    if (faults.take('refuseNext')) throw recipientRefused(faults.refuseCode ?? 21211);
    if (faults.take('errorNext')) throw new TwilioError(500, 20500, 'Internal Server Error');
    const text = {
      sid: `SM${this.options.newId()}`,
      recipient: to,
      sender: this.options.from,
      body,
      segments: countSegments(body),
      undeliverable: faults.loses(to),
      statusCallback,
      createdAt: now(),
    };
    await this.table.add(text);
    if (statusCallback !== null) this.callbacks.wake();
    if (faults.take('lostAnswerNext')) request.socket.destroy();
    else sendJson(response, 201, this.shown({ ...text, seq: '0' }));
  }

  private check(form: URLSearchParams): { to: string; body: string; statusCallback: string | null } {
    const to = form.get('To')?.trim() ?? '';
    const from = form.get('From')?.trim() ?? '';
    const body = form.get('Body') ?? '';
    const statusCallback = form.get('StatusCallback');
    if (to === '') throw new TwilioError(400, 21604, "A 'To' phone number is required.");
    if (!/^\+[1-9]\d{6,14}$/.test(to)) throw recipientRefused(21211);
    if (from === '') throw new TwilioError(400, 21603, "A 'From' phone number is required.");
    if (from !== this.options.from) {
      throw new TwilioError(400, 21606, "The 'From' phone number provided is not a number of this account.");
    }
    if (body === '') throw new TwilioError(400, 21602, 'Message body is required.');
    if (body.length > TEXT_LIMIT) {
      throw new TwilioError(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
    }
    if (statusCallback !== null && !/^https?:\/\//.test(statusCallback)) {
      throw new TwilioError(400, 21609, "Invalid 'StatusCallback' URL");
    }
    const refused = magicRefusal(to);
    if (refused) throw refused;
    return { to, body, statusCallback };
  }

  private async fetch(response: ServerResponse, sid: string): Promise<void> {
    const message = await this.table.find(sid);
    if (!message) throw new TwilioError(404, 20404, `The requested resource ${sid} was not found`);
    sendJson(response, 200, this.shown(message));
  }

  private async list(response: ServerResponse, url: URL): Promise<void> {
    const pageSize = wholeNumber(url, 'PageSize', 50, PAGE_LIMIT);
    const page = wholeNumber(url, 'Page', 0, Number.MAX_SAFE_INTEGER);
    const query: TextQuery = {
      to: url.searchParams.get('To'),
      from: url.searchParams.get('From'),
      ...sendingTimes(url),
      beforeSid: url.searchParams.get('PageToken')?.replace(/^PA/, '') ?? null,
      limit: pageSize + 1,
    };
    const found = await this.table.list(query, this.options.now());
    const messages = found.slice(0, pageSize);
    const last = messages.at(-1);
    const pageUri = (changes: Record<string, string>): string => {
      const parameters = new URLSearchParams(url.searchParams);
      for (const [name, value] of Object.entries(changes)) parameters.set(name, value);
      return `${url.pathname}?${parameters}`;
    };
    const first = new URLSearchParams(url.searchParams);
    first.delete('PageToken');
    first.set('Page', '0');
    sendJson(response, 200, {
      messages: messages.map((message) => this.shown(message)),
      page,
      page_size: pageSize,
      start: page * pageSize,
      end: page * pageSize + Math.max(0, messages.length - 1),
      uri: pageUri({}),
      first_page_uri: `${url.pathname}?${first}`,
      next_page_uri:
        last && found.length > pageSize ? pageUri({ Page: String(page + 1), PageToken: `PA${last.sid}` }) : null,
      previous_page_uri: null,
    });
  }

  /** A message as the API shows it at this moment. */
  private shown(message: TextMessage): object {
    const { accountSid, now } = this.options;
    const { status, sentAt, updatedAt } = statusOf(message, now());
    const uri = `${API}/Accounts/${accountSid}/Messages/${message.sid}`;
    return {
      account_sid: accountSid,
      api_version: '2010-04-01',
      body: message.body,
      date_created: message.createdAt.toUTCString().replace('GMT', '+0000'),
      date_sent: sentAt && sentAt.toUTCString().replace('GMT', '+0000'),
      date_updated: updatedAt.toUTCString().replace('GMT', '+0000'),
      direction: 'outbound-api',
      error_code: status === 'undelivered' ? 30003 : null,
      error_message: status === 'undelivered' ? 'Unreachable destination handset' : null,
      from: message.sender,
      messaging_service_sid: null,
      num_media: '0',
      num_segments: String(message.segments),
      price: null,
      price_unit: 'USD',
      sid: message.sid,
      status,
      subresource_uris: { media: `${uri}/Media.json` },
      to: message.recipient,
      uri: `${uri}.json`,
    };
  }
}

function asTwilioError(error: unknown): TwilioError {
  if (error instanceof BodyTooLarge) return new TwilioError(413, 20413, error.message);
  return new TwilioError(500, 20500, 'Internal Server Error');
}

function wholeNumber(url: URL, name: string, standard: number, most: number): number {
  const text = url.searchParams.get(name);
  if (text === null) return standard;
  if (!/^\d{1,9}$/.test(text)) throw new TwilioError(400, 20001, `${name} must be a whole number`);
  return Math.min(most, Math.max(name === 'PageSize' ? 1 : 0, Number(text)));
}

/** `DateSent>` includes its moment, `DateSent<` does not, and `DateSent` alone means that day. */
function sendingTimes(url: URL): { sentFrom: Date | null; sentBefore: Date | null } {
  const time = (name: string): Date | null => {
    const text = url.searchParams.get(name);
    if (text === null) return null;
    const at = new Date(text);
    if (Number.isNaN(at.getTime())) throw new TwilioError(400, 20001, `${name} must be a date`);
    return at;
  };
  const day = time('DateSent');
  if (day === null) return { sentFrom: time('DateSent>'), sentBefore: time('DateSent<') };
  const midnight = new Date(day.toISOString().slice(0, 10));
  return { sentFrom: midnight, sentBefore: new Date(midnight.getTime() + 86_400_000) };
}
