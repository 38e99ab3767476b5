import { createTransport } from 'nodemailer';
import type { Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import type { DeliveryOutcome, EmailMessage, Mailer } from '../../application/ports.js';
import { Rate } from '../rate.js';

const CONNECTIONS = 4;
const EMAILS_PER_SECOND = 20;
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
  private readonly rate: Rate;
  /** Why the mail server did not let this account in, until it takes a message again: a person has to look. */
  accountTrouble: string | undefined;

  /**
   * @param url `smtp://…` or `smtps://…`, with user and password where the server wants them
   * @param fromAddress the address that emails come from which name none of their own; the name beside it is the message's
   */
  constructor(
    url: string,
    private readonly fromAddress: string,
    emailsPerSecond = EMAILS_PER_SECOND,
  ) {
    this.rate = new Rate(emailsPerSecond);
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
    await this.rate.turn();
    const { fromAddress: address = this.fromAddress } = message;
    try {
      await this.transport.sendMail({
        // Address objects are taken as they are: a comma in a text would make a second recipient of it.
        envelope: { from: address, to: [message.to] },
        from: { name: message.fromName, address },
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
      this.accountTrouble = undefined;
      return { outcome: 'sent', providerId: message.messageId };
    } catch (error) {
      const outcome = outcomeOf(error as SmtpFailure);
      if (outcome.outcome === 'temporary' && outcome.obstacle === 'account') this.accountTrouble = outcome.reason;
      return outcome;
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
    fromAddress: message.fromAddress ?? '',
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
    const isAboutUs = ABOUT_US.test(command);
    const code = String(responseCode);
    const reason = `SMTP ${code} at ${command}`;
    if (responseCode >= 500 && !isAboutUs) {
      // The mail server knows no such mailbox, or takes nothing for it. Anywhere else it judges the message or its sender.
      return { outcome: 'refused', code, reason, ...(command === 'RCPT TO' ? { recipient: 'unreachable' } : {}) };
    }
    return { outcome: 'temporary', code, reason, obstacle: obstacleOf(isAboutUs, responseCode) };
  }
  const reason = `${cause} at ${command}`;
  if (NEVER_CONNECTED.has(cause) || NEVER_CONNECTED.has(code) || BEFORE_DATA.test(command)) {
    return { outcome: 'temporary', code: cause, reason, obstacle: 'connection' };
  }
  return { outcome: 'unknown', reason };
}

/** A server that is too busy to talk (421) says so to anybody; one that greylists says it of this recipient. */
function obstacleOf(isAboutUs: boolean, responseCode: number): 'connection' | 'recipient' | 'account' {
  if (responseCode === 421) return 'connection';
  return isAboutUs ? 'account' : 'recipient';
}
