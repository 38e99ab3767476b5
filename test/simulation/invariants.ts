import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { PaymentIntent, StoredEvent } from '../../src/application/ports.js';
import type { World } from '../support/doubles/ports.js';

const text = (event: StoredEvent, field: string): string => event.data[field] as string;
const number = (event: StoredEvent, field: string): number => event.data[field] as number;

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Broken: ${what}`);
}

/** In the moment in which money moves: it was started, it is what was accepted, and it is the only one. */
export function checkCharge(
  intent: PaymentIntent,
  log: readonly StoredEvent[],
  others: readonly PaymentIntent[],
): void {
  const id = intent.paymentIntentId;
  const started = log.find((event) => event.type === 'PaymentStarted' && text(event, 'paymentIntentId') === id);
  assert(started !== undefined, `no charge without PaymentStarted (${id})`);
  assert(number(started, 'totalMinor') === intent.amountMinor, 'I5: what is charged is what was accepted');
  const rivals = others.filter(
    (other) =>
      other.status === 'succeeded' &&
      other.paymentIntentId !== id &&
      log.some(
        (event) =>
          event.type === 'PaymentStarted' &&
          event.stream === started.stream &&
          text(event, 'paymentIntentId') === other.paymentIntentId &&
          text(event, 'payableVersion') === text(started, 'payableVersion'),
      ),
  );
  assert(rivals.length === 0, `I1: one charge for one payable version (${id}, ${rivals[0]?.paymentIntentId})`);
}

/** Looks at each event once, when it is new, against what was there before. */
export class EventChecks {
  private seen = 0;
  private readonly openAttempts = new Map<string, string>();
  private readonly once = new Set<string>();
  private accepted: StoredEvent | undefined;

  constructor(private readonly world: World) {}

  check(): void {
    const log = this.world.store.all();
    for (; this.seen < log.length; this.seen += 1) this.checkEvent(log[this.seen]!);
  }

  private checkEvent(event: StoredEvent): void {
    switch (event.type) {
      case 'FeeAccepted':
        this.accepted = event;
        return;
      case 'PaymentStarted':
        this.checkStart(event);
        this.openAttempts.set(event.stream, text(event, 'attemptId'));
        return;
      case 'PaymentFailed':
      case 'PaymentReleased':
        this.onlyOnce(`an outcome of ${text(event, 'attemptId')}`);
        assert(this.intentOf(event).status === 'canceled', `${event.type}: the intent can charge no more`);
        this.openAttempts.delete(event.stream);
        return;
      case 'PaymentCaptured':
        this.onlyOnce(`an outcome of ${text(event, 'attemptId')}`);
        this.checkCapture(event);
        this.openAttempts.delete(event.stream);
        return;
      case 'InvoiceVoided':
        assert(!this.openAttempts.has(event.stream), 'not void while an attempt is open');
        return;
      case 'ReceiptIssued':
      case 'ReceiptSent':
        this.onlyOnce(`${event.type} of ${text(event, 'paymentId')}`);
        return;
      case 'LinkSent':
      case 'LinkOpened':
        this.onlyOnce(`${event.type} of ${text(event, 'linkId')}`);
        return;
      default:
        return;
    }
  }

  private checkStart(event: StoredEvent): void {
    const attemptId = text(event, 'attemptId');
    this.onlyOnce(`a start of ${attemptId}`);
    assert(!this.openAttempts.has(event.stream), 'one open attempt an invoice');
    const quote = [...this.world.quotes.quotes.values()].find(
      ({ confirmationTokenId }) => confirmationTokenId === text(event, 'confirmationTokenId'),
    );
    assert(quote?.totalMinor === number(event, 'totalMinor'), 'I5: what is started is what was quoted');
    const fee = number(event, 'feeMinor');
    assert(number(event, 'amountMinor') + fee === number(event, 'totalMinor'), 'I7: amount and fee make the total');
    assert(fee * 10_000 <= number(event, 'amountMinor') * 300, 'the fee is within its cap');
    if (fee === 0) return;
    const accepted = this.accepted;
    assert(
      accepted?.stream === event.stream && accepted.revision === event.revision - 1n,
      'I5: the consent stands right before the start',
    );
    const terms = `${quote.consentText}\n${quote.disclosureText}`;
    assert(text(accepted, 'termsHash') === createHash('sha256').update(terms).digest('hex'), 'I5: the terms as quoted');
    assert(
      number(accepted, 'feeMinor') === fee && text(accepted, 'attemptId') === attemptId,
      'I5: the fee as accepted',
    );
  }

  private checkCapture(event: StoredEvent): void {
    const intent = this.intentOf(event);
    assert(intent.status === 'succeeded', 'I2: a capture is a charge');
    assert(intent.amountMinor === number(event, 'totalMinor'), 'I5: what was captured is what was charged');
    const { funding } = event.data['card'] as { funding: string };
    assert(funding === 'credit' || number(event, 'feeMinor') === 0, 'I7: a fee on credit cards only');
  }

  private intentOf(event: StoredEvent): PaymentIntent {
    return this.world.processor
      .all()
      .find(({ paymentIntentId }) => paymentIntentId === text(event, 'paymentIntentId'))!;
  }

  private onlyOnce(what: string): void {
    assert(!this.once.has(what), `once: ${what}`);
    this.once.add(what);
  }
}

/** After everything came to rest. */
export function checkRest(world: World): void {
  const log = world.store.all();
  const of = (type: string): readonly StoredEvent[] => log.filter((event) => event.type === type);
  const values = (type: string, field: string): readonly string[] => of(type).map((event) => text(event, field));
  const captured = of('PaymentCaptured');
  const charged = world.processor.all().filter(({ status }) => status === 'succeeded');
  same(
    charged.map(({ paymentIntentId }) => paymentIntentId),
    values('PaymentCaptured', 'paymentIntentId'),
    'I2: charges and captures are one to one',
  );
  const ended = ['PaymentCaptured', 'PaymentFailed', 'PaymentReleased'].flatMap((type) => values(type, 'attemptId'));
  same(values('PaymentStarted', 'attemptId'), ended, 'every attempt has an outcome');
  same(values('PaymentCaptured', 'paymentId'), values('ReceiptIssued', 'paymentId'), 'I3: a receipt for each capture');
  checkNumbers(captured, of('ReceiptIssued'));
  checkMessages(world, of);
  checkChains(log);
}

function checkNumbers(captured: readonly StoredEvent[], receipts: readonly StoredEvent[]): void {
  const ranks = new Map<string, number>();
  for (const capture of captured) {
    const branch = text(capture, 'branchId');
    const rank = (ranks.get(branch) ?? 0) + 1;
    ranks.set(branch, rank);
    const receipt = receipts.find((event) => text(event, 'paymentId') === text(capture, 'paymentId'));
    assert(Number(receipt?.data['number']) === rank, 'a receipt’s number is the rank of its capture');
  }
}

function checkMessages(world: World, of: (type: string) => readonly StoredEvent[]): void {
  const settled = ['LinkSent', 'LinkSendFailed', 'LinkRevoked'].flatMap(of).map((event) => text(event, 'linkId'));
  const channels = new Map(of('LinkIssued').map((event) => [text(event, 'linkId'), text(event, 'channel')]));
  for (const [linkId, channel] of channels) {
    assert(channel === 'none' || settled.includes(linkId), `the message of link ${linkId} is not forgotten`);
    const texts = world.texter.taken.filter(({ body }) => body.includes(`/pay/${linkId}`));
    assert(texts.length <= 1, 'one text a link');
  }
  for (const capture of of('PaymentCaptured')) {
    const receipt = of('ReceiptIssued').find((event) => text(event, 'paymentId') === text(capture, 'paymentId'))!;
    const reference = `/receipts/${text(receipt, 'receiptId')}`;
    const mails = world.mailer.shown().filter((mail) => mail.text.includes(reference));
    const texts = world.texter.taken.filter(({ body }) => body.includes(reference));
    const wanted = channels.get(text(capture, 'linkId')) === 'none' ? 0 : 1;
    assert(
      mails.length + texts.length === wanted,
      `I3: one receipt message a payment, not ${mails.length + texts.length}`,
    );
  }
}

function checkChains(log: readonly StoredEvent[]): void {
  const heads = new Map<string, Buffer>();
  for (const { stream, revision, id, type, data, metadata } of log) {
    const { hash, ...unhashed } = metadata;
    const body = canonicalize({ stream, revision: String(revision), id, type, data, metadata: unhashed })!;
    const digest = createHash('sha256')
      .update(heads.get(stream) ?? Buffer.alloc(32))
      .update(body)
      .digest();
    assert(digest.toString('hex') === hash, `I6: the chain of ${stream} at ${revision}`);
    heads.set(stream, digest);
  }
}

function same(left: readonly string[], right: readonly string[], what: string): void {
  assert(JSON.stringify([...left].sort()) === JSON.stringify([...right].sort()), what);
}
