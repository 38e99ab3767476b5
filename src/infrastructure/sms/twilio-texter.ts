import twilio from 'twilio';
import { Rate } from '../rate.js';
import type { DeliveryOutcome, Texter } from '../../application/ports.js';

const ANSWER_LIMIT_MS = 10_000;
/** The processor's clock and ours differ, and its times are whole seconds. */
const CLOCK_MARGIN_MS = 120_000;
const TEXTS_PER_SECOND = 10;
const SEARCH_PAGE = 50;
const SEARCH_LIMIT = 500;

/** What to send texts by. */
export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** A number in E.164 form, a short code, or the SID of a messaging service. */
  readonly from: string;
  /** Where Twilio's API answers. */
  readonly apiUrl: string;
  /** Where it reports how texts fared; absent where it cannot reach this service. */
  readonly statusCallback?: string;
  /** The most texts a second. */
  readonly textsPerSecond?: number;
}

type BaseClient = InstanceType<typeof twilio.RequestClient>;

/** `twilio` knows its own address only; this sends what it asks to the one that is configured. */
class AddressedClient extends twilio.RequestClient {
  constructor(private readonly apiUrl: URL) {
    super({ timeout: ANSWER_LIMIT_MS, keepAlive: true });
  }

  override request: BaseClient['request'] = (options) => {
    const asked = new URL(options.uri);
    return super.request({ ...options, uri: new URL(asked.pathname + asked.search, this.apiUrl).href });
  };
}

/** Sends texts by Twilio's Messages API. Sending has no idempotency key there: an unknown outcome is looked up. */
export class TwilioTexter implements Texter {
  private readonly client: twilio.Twilio;
  private readonly rate: Rate;
  /** Why Twilio did not let this account in, until it takes a text again: a person has to look. */
  accountTrouble: string | undefined;

  constructor(private readonly account: TwilioAccount) {
    this.client = twilio(account.accountSid, account.authToken, {
      httpClient: new AddressedClient(new URL(account.apiUrl)),
    });
    this.rate = new Rate(account.textsPerSecond ?? TEXTS_PER_SECOND);
  }

  async send({ to, body, sender }: { to: string; body: string; sender?: string }): Promise<DeliveryOutcome> {
    if (!/^\+[1-9]\d{6,14}$/.test(to)) throw new RangeError('A text has exactly one recipient, in E.164 form.');
    const { from, statusCallback } = this.account;
    const callback = statusCallback === undefined ? {} : { statusCallback };
    await this.rate.turn();
    try {
      const { sid } = await this.client.messages.create({ to, body, ...senderOf(sender ?? from), ...callback });
      this.accountTrouble = undefined;
      return { outcome: 'sent', providerId: sid };
    } catch (error) {
      const outcome = outcomeOf(error as TwilioFailure);
      if (outcome.outcome === 'temporary' && outcome.obstacle === 'account') this.accountTrouble = outcome.reason;
      return outcome;
    }
  }

  async find(query: { to: string; sentSince: Date; reference: string }): Promise<string | undefined> {
    const since = query.sentSince.getTime() - CLOCK_MARGIN_MS;
    let seen = 0;
    // By recipient alone, since a message that waits to be sent has no sending time yet. The newest come first.
    let page: MessagePage = await this.client.messages.page({ to: query.to, pageSize: SEARCH_PAGE });
    for (;;) {
      for (const message of page.instances) {
        if (message.dateCreated.getTime() < since) return undefined;
        if (message.body.includes(query.reference)) return message.sid;
      }
      seen += page.instances.length;
      const next = seen < SEARCH_LIMIT ? await page.nextPage() : undefined;
      if (!next) return undefined;
      page = next;
    }
  }
}

function senderOf(sender: string): { from: string } | { messagingServiceSid: string } {
  return sender.startsWith('MG') ? { messagingServiceSid: sender } : { from: sender };
}

type MessagePage = Pick<Awaited<ReturnType<twilio.Twilio['messages']['page']>>, 'instances' | 'nextPage'>;

/** What `twilio` throws: a `RestException` with a status and a code of Twilio's, or an error of the network's. */
interface TwilioFailure extends Error {
  readonly status?: number;
  readonly code?: number | string;
}

/** Our account is locked out or too quick: not the recipient's doing, and the message is still owed. */
const ABOUT_US = new Set([401, 403, 429]);

/** Refusals that are the number's own: it is none, takes no texts, or its owner texted STOP. */
const ABOUT_THE_NUMBER: ReadonlyMap<string, 'unreachable' | 'opted_out'> = new Map<string, 'unreachable' | 'opted_out'>(
  [
    ['21610', 'opted_out'],
    ['21211', 'unreachable'],
    ['21612', 'unreachable'],
    ['21614', 'unreachable'],
  ],
);

/** Met before a connection stands, so nothing can have been sent over it. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function outcomeOf({ status, code = 'error' }: TwilioFailure): DeliveryOutcome {
  if (status === undefined) {
    if (typeof code === 'string' && NEVER_CONNECTED.has(code))
      return { outcome: 'temporary', code, reason: code, obstacle: 'connection' };
    return { outcome: 'unknown', reason: String(code) };
  }
  // The words of the answer may hold the number; the code alone says enough.
  const reason = `Twilio ${code} (HTTP ${status})`;
  // After an error within Twilio nobody knows how far it had come.
  if (status >= 500) return { outcome: 'unknown', reason };
  if (ABOUT_US.has(status)) {
    return { outcome: 'temporary', code: String(code), reason, obstacle: status === 429 ? 'connection' : 'account' };
  }
  const recipient = ABOUT_THE_NUMBER.get(String(code));
  return { outcome: 'refused', code: String(code), reason, ...(recipient === undefined ? {} : { recipient }) };
}
