import type { IncomingMessage, ServerResponse } from 'node:http';
import { FirstTries } from '../fault-plan.js';
import { BodyTooLarge, readBody, sendJson } from '../handler.js';
import type { RecipientBook } from '../mailbox/recipient-book.js';
import { hasFailed, statusOf } from './course.js';
import { magicOf } from './magic-numbers.js';
import type { MessageTable, NewText, TextMessage } from './message-table.js';
import type { PostOffice } from './post-office.js';
import { readNewText, readTextQuery } from './request-fields.js';
import { countSegments } from './segments.js';
import type { TwilioFaults } from './twilio-faults.js';
import { TwilioError, internalError, recipientRefused, wordsOf } from './twilio-error.js';

const API = '/2010-04-01';
const BODY_LIMIT_BYTES = 100_000;

export interface MessagesApiOptions {
  readonly table: MessageTable;
  readonly postOffice: PostOffice;
  readonly recipients: RecipientBook;
  readonly faults: TwilioFaults;
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Called when a call may have come to be owed. */
  readonly wake: () => void;
}

/** Twilio's Messages API: send, fetch, list. */
export class MessagesApi {
  private readonly tries = new FirstTries();

  constructor(private readonly options: MessagesApiOptions) {}

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
    const { faults, postOffice, from, now, newId } = this.options;
    const form = new URLSearchParams(await readBody(request, BODY_LIMIT_BYTES));
    const { to, sender, serviceSid, body, statusCallback } = readNewText(form, from);
    const magic = magicOf(to);
    if (magic?.kind === 'refused') throw recipientRefused(magic.code);
    if (faults.refuses(to)) throw recipientRefused(faults.refuseCode ?? 21610);
    if (await this.options.table.isOptedOut(sender, to)) throw recipientRefused(21610);
    if (faults.take('refuseNext')) throw recipientRefused(faults.refuseCode ?? 21211);
    const isFirstTry = (): boolean => this.tries.isFirst(`${to}\n${body}`);
    if (faults.stumbles() || (magic?.kind === 'error' && isFirstTry())) throw internalError();
    const text: NewText = {
      sid: `SM${newId()}`,
      direction: 'outbound-api',
      recipient: to,
      sender,
      serviceSid,
      body,
      segments: countSegments(body),
      errorCode: this.errorCodeOf(to),
      createdAt: now(),
    };
    await postOffice.send(text, statusCallback);
    if (statusCallback !== null) this.options.wake();
    const isLost = faults.take('lostAnswerNext') || (magic?.kind === 'lost_answer' && isFirstTry());
    if (isLost) request.socket.destroy();
    else sendJson(response, 201, this.shown({ ...text, seq: '0' }));
  }

  /** Why a text to this number will not arrive, where it will not. */
  private errorCodeOf(to: string): number | null {
    const magic = magicOf(to);
    if (magic?.kind === 'lost') return magic.code;
    return this.options.faults.loses(to) ?? (this.options.recipients.isUnreachable(to) ? 30_003 : null);
  }

  private async fetch(response: ServerResponse, sid: string): Promise<void> {
    const message = await this.options.table.find(sid);
    if (!message) throw new TwilioError(404, 20404, `The requested resource ${sid} was not found`);
    sendJson(response, 200, this.shown(message));
  }

  private async list(response: ServerResponse, url: URL): Promise<void> {
    const { page, pageSize, query } = readTextQuery(url);
    const found = await this.options.table.list({ ...query, limit: pageSize + 1 }, this.options.now());
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
    const { status, sentAt, updatedAt } = statusOf({ ...message, viaService: message.serviceSid !== null }, now());
    const errorCode = hasFailed(status) ? message.errorCode : null;
    const uri = `${API}/Accounts/${accountSid}/Messages/${message.sid}`;
    return {
      account_sid: accountSid,
      api_version: '2010-04-01',
      body: message.body,
      date_created: message.createdAt.toUTCString().replace('GMT', '+0000'),
      date_sent: sentAt && sentAt.toUTCString().replace('GMT', '+0000'),
      date_updated: updatedAt.toUTCString().replace('GMT', '+0000'),
      direction: message.direction,
      error_code: errorCode,
      error_message: errorCode === null ? null : wordsOf(errorCode),
      from: message.sender,
      messaging_service_sid: message.serviceSid,
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
  return error instanceof BodyTooLarge ? new TwilioError(413, 20413, error.message) : internalError();
}
