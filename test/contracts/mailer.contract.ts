import { describe, expect, it } from '@jest/globals';
import type { EmailMessage, Mailer } from '../../src/application/ports.js';

/** A mail system as the suite needs it: something to send by, a way to look at what came, and its moods. */
export interface MailSystem {
  readonly mailer: Mailer;
  arrived(to: string): Promise<readonly ArrivedEmail[]>;
  /** From now on this mailbox does not exist. */
  removeMailbox(address: string): Promise<void>;
  /** The next message meets an error that passes. */
  stumble(): Promise<void>;
  /** The next message is taken, and the answer is lost. */
  loseNextAnswer(): Promise<void>;
}

export interface ArrivedEmail {
  readonly from: string;
  readonly fromName?: string | undefined;
  readonly replyTo?: string | undefined;
  readonly messageId?: string | undefined;
  readonly subject?: string | undefined;
  readonly text: string;
  readonly html?: string | undefined;
  readonly attachments: readonly { filename: string; contentType: string; size: number }[];
}

let count = 0;

function email(changes: Partial<EmailMessage> = {}): EmailMessage {
  count += 1;
  return {
    messageId: `message-${count}-${process.pid}@paylink.test`,
    to: `customer-${count}@example.com`,
    fromName: 'Main Street',
    replyTo: 'office@example.com',
    subject: 'Invoice INV-1001 from Main Street',
    html: '<p>View your <a href="https://pay.example.com/pay/abc">invoice</a></p>',
    text: 'View your invoice: https://pay.example.com/pay/abc',
    attachments: [],
    ...changes,
  };
}

/** What every mailer guarantees. */
export function describeMailer(name: string, system: () => MailSystem): void {
  describe(`Mailer: ${name}`, () => {
    it('delivers subject, both bodies, sender, answer address, Message-ID and attachments', async () => {
      const pdf = {
        filename: 'Rechnung Nº 1.pdf',
        contentType: 'application/pdf',
        content: Buffer.from('%PDF-1.7 test'),
      };
      const sent = email({ subject: 'Reçu 5 € – “Main Street”', attachments: [pdf] });
      expect(await system().mailer.send(sent)).toEqual({ outcome: 'sent', providerId: sent.messageId });
      expect(await system().arrived(sent.to)).toMatchObject([
        {
          from: expect.stringContaining('@') as unknown,
          fromName: 'Main Street',
          replyTo: 'office@example.com',
          messageId: `<${sent.messageId}>`,
          subject: 'Reçu 5 € – “Main Street”',
          text: sent.text,
          html: expect.stringContaining('https://pay.example.com/pay/abc') as unknown,
          attachments: [{ filename: 'Rechnung Nº 1.pdf', contentType: 'application/pdf', size: 13 }],
        },
      ]);
    });

    it('says that a mailbox which does not exist refuses for good', async () => {
      const sent = email();
      await system().removeMailbox(sent.to);
      expect(await system().mailer.send(sent)).toMatchObject({ outcome: 'refused', code: '550' });
      expect(await system().arrived(sent.to)).toEqual([]);
    });

    it('says that an error which passes is worth another try, and the try succeeds', async () => {
      const sent = email();
      await system().stumble();
      expect(await system().mailer.send(sent)).toMatchObject({ outcome: 'temporary', code: '451' });
      expect(await system().mailer.send(sent)).toMatchObject({ outcome: 'sent' });
      expect(await system().arrived(sent.to)).toHaveLength(1);
    });

    it('says that it does not know where the answer was lost; a repeat bears the same Message-ID', async () => {
      const sent = email();
      await system().loseNextAnswer();
      expect(await system().mailer.send(sent)).toMatchObject({ outcome: 'unknown' });
      expect(await system().arrived(sent.to)).toHaveLength(1);
      await system().mailer.send(sent);
      const arrived = await system().arrived(sent.to);
      expect(arrived.map(({ messageId }) => messageId)).toEqual([`<${sent.messageId}>`, `<${sent.messageId}>`]);
    });

    it('keeps the name of the sender in one piece, whatever is in it', async () => {
      const sent = email({ fromName: 'Frost, Ice & "Cold" <cold@example.com>' });
      await system().mailer.send(sent);
      expect(await system().arrived(sent.to)).toMatchObject([{ fromName: 'Frost, Ice & "Cold" <cold@example.com>' }]);
    });

    it('sends many at once, each to its recipient', async () => {
      const many = Array.from({ length: 20 }, () => email());
      const outcomes = await Promise.all(many.map((one) => system().mailer.send(one)));
      expect(outcomes.every(({ outcome }) => outcome === 'sent')).toBe(true);
      for (const one of many) expect(await system().arrived(one.to)).toHaveLength(1);
    });

    it.each([
      ['two recipients', { to: 'a@example.com, b@example.com' }],
      ['two recipients with a semicolon', { to: 'a@example.com;b@example.com' }],
      ['a recipient with a name', { to: 'Ada <ada@example.com>' }],
      ['no recipient', { to: '' }],
      ['a line break in the recipient', { to: 'ada@example.com\r\nBcc: eve@example.com' }],
      ['a line break in the subject', { subject: 'Invoice\r\nBcc: eve@example.com' }],
      ['a line break in the sender', { fromName: 'Main\nStreet' }],
      ['a line break in the answer address', { replyTo: 'a@example.com\nBcc: eve@example.com' }],
      ['a line break in the Message-ID', { messageId: 'x@y\nBcc: eve@example.com' }],
      ['a malformed Message-ID', { messageId: 'no at sign' }],
      [
        'a line break in a file name',
        { attachments: [{ filename: 'a\r\nb', contentType: 'a/b', content: Buffer.alloc(1) }] },
      ],
    ])('refuses %s and sends nothing', async (_what, wrong: Partial<EmailMessage>) => {
      await expect(system().mailer.send(email(wrong))).rejects.toThrow(RangeError);
      expect(await system().arrived('eve@example.com')).toEqual([]);
    });
  });
}
