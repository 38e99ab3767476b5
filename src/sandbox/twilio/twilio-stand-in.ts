import type pg from 'pg';
import { z } from 'zod';
import { readDeclaredJson } from '../fault-plan.js';
import { sendJson } from '../handler.js';
import type { Handler } from '../handler.js';
import type { MessageStore } from '../mailbox/message-store.js';
import type { RecipientBook } from '../mailbox/recipient-book.js';
import { Caller } from './caller.js';
import { isFurtherNumber } from './magic-numbers.js';
import { MessageTable } from './message-table.js';
import { MessagesApi } from './messages-api.js';
import { OwedCalls } from './owed-calls.js';
import { PostOffice } from './post-office.js';
import type { IncomingText } from './post-office.js';
import type { TwilioFaults } from './twilio-faults.js';

export interface TwilioStandInOptions {
  readonly pool: pg.Pool;
  readonly inbox: MessageStore;
  readonly recipients: RecipientBook;
  readonly faults: TwilioFaults;
  readonly accountSid: string;
  readonly authToken: string;
  /** The number of the account that messages come from unless the sender names another. */
  readonly from: string;
  /** Where texts that come in are told of. */
  readonly smsUrl: string;
  readonly now: () => Date;
  /** 32 hexadecimal digits that were never given before. */
  readonly newId: () => string;
}

export interface TwilioStandIn {
  readonly handle: Handler;
  /** A text from somebody to a number of the account; durable when this resolves. Answers its SID. */
  receive(text: IncomingText): Promise<string>;
  isOptedOut(sender: string, recipient: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** Twilio's messages, both ways. Texts end in the inbox; nobody's telephone rings. */
export async function createTwilioStandIn(options: TwilioStandInOptions): Promise<TwilioStandIn> {
  const calls = new OwedCalls(options.pool);
  const table = new MessageTable(options.pool, options.inbox, calls);
  await table.createSchema();
  const postOffice = new PostOffice({ ...options, table, calls });
  const caller = new Caller({ ...options, calls, onAnswer: (call, answer) => postOffice.answer(call, answer) });
  caller.wake();
  const receive = async (text: IncomingText): Promise<string> => {
    const sid = await postOffice.receive(text);
    caller.wake();
    return sid;
  };
  const api = new MessagesApi({ ...options, table, postOffice, wake: () => caller.wake() });
  const telephone = telephoneHandler(options.from, receive);
  return {
    handle: async (request, response, url) =>
      (await telephone(request, response, url)) || (await api.handle(request, response, url)),
    receive,
    isOptedOut: (sender, recipient) => table.isOptedOut(sender, recipient),
    stop: () => caller.stop(),
  };
}

/** `POST /sandbox/twilio/inbound` is somebody's telephone: it sends a text to a number of the account. */
function telephoneHandler(accountNumber: string, receive: TwilioStandIn['receive']): Handler {
  const incoming = z.strictObject({
    from: z.string().regex(/^\+[1-9]\d{6,14}$/),
    to: z
      .string()
      .refine((number) => number === accountNumber || isFurtherNumber(number), 'Not a number of the account.')
      .default(accountNumber),
    body: z.string().min(1).max(1600),
  });
  return async (request, response, url) => {
    if (url.pathname !== '/sandbox/twilio/inbound' || request.method !== 'POST') return false;
    const asked = await readDeclaredJson(request, incoming);
    if (typeof asked === 'string') sendJson(response, 400, { error: asked });
    else sendJson(response, 201, { sid: await receive(asked.value) });
    return true;
  };
}
