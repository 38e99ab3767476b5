import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { sendJson } from '../handler.js';
import type { Handler } from '../handler.js';
import { lookOf, seenIn } from './email-look.js';
import { recipientOf } from './inbox-http.js';
import type { KeptMessage, MessageStore } from './message-store.js';

const PAGE_SIZE = 100;

/** What was sent as JSON at `/messages`, and each message's files. */
export function createMailboxHandler(store: MessageStore): Handler {
  return async (request, response, url) => {
    const [, first, id, part, n, ...rest] = url.pathname.split('/');
    if (first !== 'messages' || rest.length > 0) return false;
    if (request.method === 'GET' || request.method === 'HEAD') {
      await answerMessages(store, response, url, { id, part, n });
    } else sendJson(response, 405, { error: 'Messages can only be read.' });
    return true;
  };
}

async function answerMessages(
  store: MessageStore,
  response: ServerResponse,
  url: URL,
  path: { id: string | undefined; part: string | undefined; n: string | undefined },
): Promise<void> {
  if (!path.id) return streamMessages(store, response, url);
  const message = await store.find(path.id);
  if (message && path.part === undefined) return sendJson(response, 200, shownMessage(message));
  if (message && path.part === 'html' && message.html !== null) {
    const look = lookOf(url.searchParams.get('look'));
    return sendEmailBody(response, message, look === undefined ? message.html : seenIn(look, message.html));
  }
  if (message && path.part === 'raw') {
    const raw = await store.findRaw(message.id);
    if (raw) return sendFile(response, { filename: `${message.id}.eml`, contentType: 'message/rfc822', content: raw });
  }
  if (message && path.part === 'attachments' && path.n !== undefined && /^\d{1,4}$/.test(path.n)) {
    const attachment = await store.findAttachment(message.id, Number(path.n));
    if (attachment) return sendFile(response, attachment);
  }
  sendJson(response, 404, { error: 'There is no such message.' });
}

/** All of them, as one array, however many: page by page, no faster than the reader reads. */
async function streamMessages(store: MessageStore, response: ServerResponse, url: URL): Promise<void> {
  const to = recipientOf(url);
  const wanted = url.searchParams.get('limit');
  if (wanted !== null && !/^[1-9]\d{0,8}$/.test(wanted)) {
    sendJson(response, 400, { error: 'limit must be a whole number of 1 or more.' });
    return;
  }
  let left = wanted === null ? Number.MAX_SAFE_INTEGER : Number(wanted);
  let beforeSeq: string | undefined;
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.write('[');
  while (left > 0 && !response.destroyed) {
    const page = await store.page({
      ...(to === undefined ? {} : { to }),
      ...(beforeSeq === undefined ? {} : { beforeSeq }),
      limit: Math.min(PAGE_SIZE, left),
    });
    if (page.length === 0) break;
    const text = (beforeSeq === undefined ? '' : ',') + page.map((one) => JSON.stringify(shownMessage(one))).join(',');
    if (!response.write(text)) await untilReadOn(response);
    left -= page.length;
    beforeSeq = page.at(-1)?.seq;
    if (page.length < PAGE_SIZE) break;
  }
  response.end(']');
}

/** Resolves when the reader has caught up, or has gone. */
async function untilReadOn(response: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  settled.abort();
}

/** A message as the outside contract shows it: what it does not have is left out. */
function shownMessage(message: KeptMessage) {
  const { id, channel, to, from, fromName, replyTo, messageId, subject, text, html, sentAt } = message;
  return {
    id,
    channel,
    to,
    from,
    ...(fromName === null ? {} : { fromName }),
    ...(replyTo === null ? {} : { replyTo }),
    ...(messageId === null ? {} : { messageId }),
    ...(subject === null ? {} : { subject }),
    text,
    ...(html === null ? {} : { html }),
    attachments: message.attachments.map(({ n, filename, contentType, size }) => ({
      filename,
      contentType,
      size,
      url: `/messages/${id}/attachments/${n}`,
    })),
    sentAt: sentAt.toISOString(),
  };
}

/** The email's own markup, without an origin, scripts or forms; pictures within it come from its attachments. */
function sendEmailBody(response: ServerResponse, message: KeptMessage, markup: string): void {
  const withPictures = markup.replace(/\bcid:([^"'\s)>]+)/g, (whole, contentId: string) => {
    const picture = message.attachments.find((one) => one.contentId === contentId);
    return picture ? `/messages/${message.id}/attachments/${picture.n}` : whole;
  });
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy':
      'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; ' +
      "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; font-src * data:; form-action 'none'",
  });
  const head = /<head[^>]*>/i.exec(withPictures);
  const base = '<base target="_blank">';
  response.end(head ? withPictures.replace(head[0], head[0] + base) : base + withPictures);
}

function sendFile(response: ServerResponse, file: { filename: string; contentType: string; content: Buffer }): void {
  const plainName = file.filename.replace(/[^\w. -]/g, '_');
  response.writeHead(200, {
    'content-type': /^[\w.+-]+\/[\w.+-]+$/.test(file.contentType) ? file.contentType : 'application/octet-stream',
    'content-length': file.content.length,
    'content-disposition': `attachment; filename="${plainName}"; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(file.content);
}
