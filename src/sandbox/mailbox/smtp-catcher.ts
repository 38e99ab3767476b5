import type { Socket } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { FaultPlan } from '../fault-plan.js';
import type { IncomingEnvelope } from './message-store.js';

const MESSAGE_LIMIT_BYTES = 30_000_000;
const CLOSE_LIMIT_MS = 2000;

export interface SmtpCatcherOptions {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly faults: FaultPlan;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Durable when it resolves; the 250 is not sent before. */
  readonly keep: (message: IncomingEnvelope) => Promise<void>;
}

export interface SmtpCatcher {
  readonly url: string;
  stop(): Promise<void>;
}

/** A mail server that takes every email and sends none on. */
export async function startSmtpCatcher(options: SmtpCatcherOptions): Promise<SmtpCatcher> {
  const sockets = new Map<number, Socket>();
  const { faults } = options;
  const server = new SMTPServer({
    name: 'sandbox',
    banner: 'catches every message, delivers none',
    logger: false,
    authOptional: true,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    size: MESSAGE_LIMIT_BYTES,
    closeTimeout: CLOSE_LIMIT_MS,
    onAuth({ username, password }, _session, done) {
      if (username === options.user && password === options.password) done(null, { user: options.user });
      else done(refusal(535, 'Authentication failed'));
    },
    onRcptTo({ address }, _session, done) {
      void faults.delay().then(() => {
        if (faults.refuses(address)) done(refusal(550, 'No such mailbox here'));
        else if (faults.take('refuseNext')) done(refusal(faults.refuseCode ?? 550, 'Refused, as a test asked'));
        else done();
      });
    },
    onData(stream, session, done) {
      catchMessage(stream, session, options).then(
        (id) => {
          if (faults.take('lostAnswerNext')) sockets.get(session.remotePort)?.destroy();
          else (done as (error: null, message: string) => void)(null, `kept as ${id}`);
        },
        (error: unknown) => {
          done(error instanceof SmtpRefusal ? error : refusal(451, 'The message could not be kept'));
        },
      );
    },
  });
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => {
      if (sockets.get(port) === socket) sockets.delete(port);
    });
  });
  // A peer that goes away in the middle is its own affair.
  server.on('error', () => undefined);
  const port = await listen(server, options.port);
  return {
    url: `smtp://${options.user}:${options.password}@127.0.0.1:${port}`,
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
}

class SmtpRefusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

function refusal(code: number, message: string): SmtpRefusal {
  return new SmtpRefusal(code, message);
}

function listen(server: SMTPServer, port: number): Promise<number> {
  return new Promise((listening, failed) => {
    server.server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.server.off('error', failed);
      const address = server.server.address();
      listening(typeof address === 'object' && address ? address.port : port);
    });
  });
}

async function catchMessage(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  options: SmtpCatcherOptions,
): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // Beyond the limit the rest is read and thrown away, so that the refusal finds somebody listening.
    if (!stream.sizeExceeded) chunks.push(chunk);
  }
  if (stream.sizeExceeded) throw refusal(552, 'The message is too large');
  if (options.faults.take('errorNext')) throw refusal(451, 'Out of order, as a test asked');
  const raw = Buffer.concat(chunks);
  const id = options.newId();
  await options.keep(await readMessage(raw, session, id, options.now()));
  return id;
}

/** The recipients are those of the envelope: what a header says does not decide who gets a message. */
async function readMessage(
  raw: Buffer,
  session: SMTPServerSession,
  id: string,
  sentAt: Date,
): Promise<IncomingEnvelope> {
  const email = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
  const envelopeFrom = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
  const replyTo = email.replyTo?.[0]?.address;
  return {
    id,
    channel: 'email',
    recipients: session.envelope.rcptTo.map(({ address }) => address),
    from: email.from?.address ?? envelopeFrom,
    fromName: email.from?.name || undefined,
    replyTo,
    messageId: email.messageId,
    subject: email.subject,
    text: (email.text ?? '').replace(/\n$/, ''),
    html: email.html?.replace(/\n$/, ''),
    attachments: email.attachments.map(({ filename, mimeType, contentId, content }, n) => ({
      filename: filename ?? `attachment-${n + 1}`,
      contentType: mimeType,
      contentId: contentId?.replace(/^<|>$/g, ''),
      content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer),
    })),
    raw,
    sentAt,
  };
}
