import { createTransport } from 'nodemailer';
import type { Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import type { DeliveryOutcome, EmailMessage, Mailer } from '../../application/ports.js';

const CONNECTIONS = 4;
const CONNECT_LIMIT_MS = 10_000;
const SILENCE_LIMIT_MS = 30_000;

/** What nodemailer puts into its errors, as far as an outcome is told by it. */
interface SmtpFailure extends Error {
  readonly code?: string;
  /** The code of the system beneath, `ECONNREFUSED` say. */
  readonly originalCode?: string;
  /** Which wait was too long. */
  readonly timeoutType?: string;
  /** The last reply of the server, where it gave one. */
  readonly responseCode?: number;
  /** The SMTP command that failed; `CONN` for a connection lost at whatever point. */
  readonly command?: string;
}

/** Sends emails over SMTP, one recipient each, over a few connections that are kept. */
export class SmtpMailer implements Mailer {
  private readonly transport: Transporter<SMTPPool.SentMessageInfo>;

  /**
   * @param url `smtp://…` or `smtps://…`, with user and password where the server wants them
   * @param fromAddress the address that every email comes from; the name beside it is the message's
   */
  constructor(
    url: string,
    private readonly fromAddress: string,
  ) {
    this.transport = createTransport({
      url,
      pool: true,
      maxConnections: CONNECTIONS,
      // A message whose connection broke is ours to try again: its outcome is unknown, and the caller keeps count.
      maxRequeues: 0,
      connectionTimeout: CONNECT_LIMIT_MS,
      greetingTimeout: CONNECT_LIMIT_MS,
      socketTimeout: SILENCE_LIMIT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send(message: EmailMessage): Promise<DeliveryOutcome> {
    refuseLineBreaks(message);
    refuseSeveralRecipients(message.to);
    try {
      await this.transport.sendMail({
        // Address objects are taken as they are: a comma in a text would make a second recipient of it.
        envelope: { from: this.fromAddress, to: [message.to] },
        from: { name: message.fromName, address: this.fromAddress },
        to: { name: '', address: message.to },
        ...(message.replyTo === undefined ? {} : { replyTo: { name: '', address: message.replyTo } }),
        messageId: `<${message.messageId}>`,
        subject: message.subject,
        html: message.html,
        text: message.text,
        attachments: message.attachments.map(({ filename, contentType, content }) => ({
          filename,
          contentType,
          content,
        })),
        // Out-of-office notes and the like are not to answer a machine.
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { outcome: 'sent', providerId: message.messageId };
    } catch (error) {
      return outcomeOf(error as SmtpFailure);
    }
  }

  /** Finishes what is under way and lets go of the connections. */
  close(): void {
    this.transport.close();
  }
}

function refuseLineBreaks(message: EmailMessage): void {
  const headers = {
    messageId: message.messageId,
    to: message.to,
    fromName: message.fromName,
    replyTo: message.replyTo ?? '',
    subject: message.subject,
    ...Object.fromEntries(message.attachments.map(({ filename }, index) => [`filename ${index}`, filename])),
    ...Object.fromEntries(message.attachments.map(({ contentType }, index) => [`content type ${index}`, contentType])),
  };
  for (const [name, value] of Object.entries(headers)) {
    if (/[\r\n\0]/.test(value)) throw new RangeError(`The ${name} of an email has a line break in it.`);
  }
  if (!/^[^\s<>@]+@[^\s<>@]+$/.test(message.messageId)) throw new RangeError('The messageId of an email is malformed.');
}

function refuseSeveralRecipients(to: string): void {
  if (!/^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(to)) throw new RangeError('An email has exactly one recipient.');
}

/** Met before a connection stands, so nothing can have been sent over it. */
const NEVER_CONNECTED = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EDNS'],
  ...['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'],
]);

/** In these the server has not been given the message yet. */
const BEFORE_DATA = /^(EHLO|HELO|LHLO|STARTTLS|AUTH .*|MAIL FROM|RCPT TO)$/;

/** In these it judges us, not the recipient: the message is still owed. */
const ABOUT_US = /^(CONN|EHLO|HELO|LHLO|STARTTLS|AUTH .*)$/;

/** A reply of the server settles what became of the message. Without one it may have been taken: a 250 can be lost. */
function outcomeOf(failure: SmtpFailure): DeliveryOutcome {
  const { code = 'error', responseCode, command = 'CONN' } = failure;
  const cause = failure.timeoutType ?? failure.originalCode ?? code;
  if (responseCode !== undefined && responseCode >= 400) {
    const refused = responseCode >= 500 && !ABOUT_US.test(command);
    const reply = String(responseCode);
    return { outcome: refused ? 'refused' : 'temporary', code: reply, reason: `SMTP ${reply} at ${command}` };
  }
  const reason = `${cause} at ${command}`;
  if (NEVER_CONNECTED.has(cause) || NEVER_CONNECTED.has(code) || BEFORE_DATA.test(command)) {
    return { outcome: 'temporary', code: cause, reason };
  }
  return { outcome: 'unknown', reason };
}
