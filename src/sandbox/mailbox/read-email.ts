import PostalMime from 'postal-mime';
import type { SMTPServerSession } from 'smtp-server';
import type { IncomingEnvelope } from './message-store.js';

/** Takes an email apart. The recipients are those of the envelope: what a header says does not decide who gets it. */
export async function readEmail(
  raw: Buffer,
  { envelope }: Pick<SMTPServerSession, 'envelope'>,
  id: string,
  sentAt: Date,
): Promise<IncomingEnvelope> {
  const email = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
  const envelopeFrom = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const replyTo = email.replyTo?.[0]?.address;
  return {
    id,
    channel: 'email',
    recipients: envelope.rcptTo.map(({ address }) => address),
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
