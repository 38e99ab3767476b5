import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { FirstTries } from '../fault-plan.js';
import type { SelfMadeCertificate } from './certificate.js';
import { magicMailboxOf } from './magic-addresses.js';
import type { IncomingEnvelope } from './message-store.js';
import { readEmail } from './read-email.js';
import type { RecipientBook } from './recipient-book.js';
import type { SmtpFaults } from './smtp-faults.js';

const SLOW_MS = 5000;
const MESSAGE_LIMIT_BYTES = 30_000_000;
const CLOSE_LIMIT_MS = 2000;

export interface SmtpCatcherOptions {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly certificate: SelfMadeCertificate;
  readonly recipients: RecipientBook;
  readonly faults: SmtpFaults;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Durable when it resolves; the 250 is not sent before. */
  readonly keep: (message: IncomingEnvelope) => Promise<void>;
}

export interface SmtpCatcher {
  readonly url: string;
  stop(): Promise<void>;
}

/** A mail server for who signs in: it takes every email that nothing speaks against, and sends none on. */
export async function startSmtpCatcher(options: SmtpCatcherOptions): Promise<SmtpCatcher> {
  const sockets = new Map<number, Socket>();
  const { faults, certificate } = options;
  const gate = new RecipientGate(options);
  const server = new SMTPServer({
    name: 'sandbox',
    banner: 'catches every message, delivers none',
    logger: false,
    ...certificate,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    size: MESSAGE_LIMIT_BYTES,
    closeTimeout: CLOSE_LIMIT_MS,
    onConnect(_session, done) {
      server.options.hideSTARTTLS = !faults.startTls;
      done();
    },
    onAuth({ username, password }, _session, done) {
      if (username === options.user && password === options.password) done(null, { user: options.user });
      else done(refusal(535, 'Authentication failed'));
    },
    onRcptTo({ address }, _session, done) {
      void faults
        .delay()
        .then(() => gate.judge(address))
        .then(done);
    },
    onData(stream, session, done) {
      catchMessage(stream, session, gate, options).then(
        ({ id, isAnswerLost }) => {
          if (isAnswerLost) sockets.get(session.remotePort)?.destroy();
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

/** Decides about recipients, by what was asked for and by what their addresses mean. */
class RecipientGate {
  private readonly tries = new FirstTries();

  constructor(private readonly options: Pick<SmtpCatcherOptions, 'faults' | 'recipients'>) {}

  /** Answers the refusal, or `null` for who is taken. */
  async judge(address: string): Promise<SmtpRefusal | null> {
    const { faults, recipients } = this.options;
    const magic = magicMailboxOf(address);
    if (magic === 'slow') await sleep(SLOW_MS);
    if (magic === 'bounce' || recipients.isUnreachable(address) || faults.refuses(address)) {
      return refusal(550, 'No such mailbox here');
    }
    if (magic === 'full') return refusal(452, 'The mailbox is full');
    if (faults.take('refuseNext')) return refusal(faults.refuseCode ?? 550, 'Refused, as a test asked');
    const isFirst = (): boolean => this.tries.isFirst(address.toLowerCase());
    // The server closes the connection behind a 421 by itself.
    if (magic === 'busy' && isFirst()) return refusal(421, 'Too many messages, come back later');
    if ((magic === 'greylist' || faults.greylist) && isFirst()) return refusal(451, 'Greylisted, come back later');
    return null;
  }

  /** Whether this is the first try of an email to a mailbox that spoils the first try. */
  spoils(message: IncomingEnvelope, kind: 'error' | 'lost'): boolean {
    return (
      message.recipients.some((recipient) => magicMailboxOf(recipient) === kind) &&
      this.tries.isFirst(message.messageId ?? message.id)
    );
  }
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
  gate: RecipientGate,
  { faults, keep, newId, now }: SmtpCatcherOptions,
): Promise<{ id: string; isAnswerLost: boolean }> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // Beyond the limit the rest is read and thrown away, so that the refusal finds somebody listening.
    if (!stream.sizeExceeded) chunks.push(chunk);
  }
  if (stream.sizeExceeded) throw refusal(552, 'The message is too large');
  const message = await readEmail(Buffer.concat(chunks), session, newId(), now());
  if (faults.stumbles() || gate.spoils(message, 'error')) throw refusal(451, 'Out of order, as a test asked');
  await keep(message);
  return { id: message.id, isAnswerLost: faults.take('lostAnswerNext') || gate.spoils(message, 'lost') };
}
