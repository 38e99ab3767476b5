import twilio from 'twilio';
import { TextNoticeReader, type TextNotice } from '../../application/texts/text-notices.js';

const MAX_ID = 64;
/** The number does not take texts, or its carrier does not know it: unreachable, unknown, a landline, and no reason given. */
const UNREACHABLE = new Set(['30003', '30005', '30006', '30008']);
const OPTED_OUT = '21610';

const MEANING: Readonly<Record<string, 'delivered' | 'undelivered'>> = {
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'undelivered',
};

/** Reads what Twilio posts. Its signature is an HMAC over the whole address and the sorted form, compared in constant time. */
export class TwilioNotices extends TextNoticeReader {
  /** @param publicUrl where Twilio reaches this service, as it was given to it: proxies may show another one */
  constructor(
    private readonly authToken: string,
    private readonly publicUrl: string,
  ) {
    super();
  }

  override read(
    kind: TextNotice['kind'],
    { path, body, signature }: { path: string; body: Buffer; signature: string },
  ): TextNotice | 'malformed' | undefined {
    const form = formOf(body);
    if (!twilio.validateRequest(this.authToken, signature, `${this.publicUrl}${path}`, form)) return undefined;
    return (kind === 'status' ? statusOf(form) : inboundOf(form)) ?? 'malformed';
  }
}

type Form = Readonly<Record<string, string | string[]>>;

function formOf(body: Buffer): Form {
  const parameters = new URLSearchParams(body.toString('utf8'));
  const form: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    form[name] = values.length === 1 ? values[0]! : values;
  }
  return form;
}

function text(form: Form, name: string): string {
  const value = form[name];
  return typeof value === 'string' ? value : '';
}

const isId = (id: string): boolean => /^[A-Za-z0-9]+$/.test(id) && id.length <= MAX_ID;

function statusOf(form: Form): TextNotice | undefined {
  const [providerId, status] = [text(form, 'MessageSid'), text(form, 'MessageStatus')];
  if (!isId(providerId) || !/^[a-z_-]{1,32}$/.test(status)) return undefined;
  const code = /^\d{1,8}$/.exec(text(form, 'ErrorCode'))?.[0] ?? status;
  return {
    kind: 'status',
    providerId,
    status,
    means: MEANING[status] ?? 'under_way',
    number: text(form, 'To'),
    code,
    reason: `Twilio ${code}`,
    recipient: code === OPTED_OUT ? 'opted_out' : UNREACHABLE.has(code) ? 'unreachable' : undefined,
  };
}

function inboundOf(form: Form): TextNotice | undefined {
  const providerId = text(form, 'MessageSid');
  const number = text(form, 'From');
  if (!isId(providerId) || number === '') return undefined;
  return { kind: 'inbound', providerId, number, text: text(form, 'Body') };
}
