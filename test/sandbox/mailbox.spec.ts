import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import type { Transporter } from 'nodemailer';
import { ACCOUNT, sendText, startMessageStandIns } from './message-stand-ins.js';

let standIns: Awaited<ReturnType<typeof startMessageStandIns>>;
let transport: Transporter;

beforeAll(async () => {
  standIns = await startMessageStandIns();
  transport = createTransport({ url: standIns.smtpUrl });
});

afterEach(async () => {
  await standIns.setFaults('smtp', {});
});

afterAll(async () => {
  transport.close();
  await standIns.stop();
});

const text = (to: string, body: string): Promise<Response> => sendText(standIns.origin, to, body);

async function page(path: string): Promise<{ status: number; text: string; policy: string }> {
  const answer = await fetch(standIns.origin + path);
  return {
    status: answer.status,
    text: await answer.text(),
    policy: answer.headers.get('content-security-policy') ?? '',
  };
}

describe('/messages', () => {
  it('shows emails and texts together, the newest first', async () => {
    await transport.sendMail({
      from: '"Main Street" <invoices@paylink.test>',
      to: 'ada@example.com',
      subject: 'Invoice INV-1001',
      text: 'Pay here: https://pay.example.com/pay/abc',
      html: '<p>Pay <a href="https://pay.example.com/pay/abc">here</a></p>',
      attachments: [{ filename: 'invoice.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF') }],
    });
    await text('+12125550100', 'Pay here: https://pay.example.com/pay/def');
    const messages = await standIns.messages();
    expect(messages).toHaveLength(2);
    expect(messages[0]).toEqual({
      id: expect.stringMatching(/^SM[0-9a-f]{32}$/) as unknown,
      channel: 'sms',
      to: '+12125550100',
      from: ACCOUNT.from,
      text: 'Pay here: https://pay.example.com/pay/def',
      attachments: [],
      sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
    });
    expect(messages[1]).toMatchObject({
      channel: 'email',
      to: 'ada@example.com',
      from: 'invoices@paylink.test',
      fromName: 'Main Street',
      subject: 'Invoice INV-1001',
      text: 'Pay here: https://pay.example.com/pay/abc',
      html: '<p>Pay <a href="https://pay.example.com/pay/abc">here</a></p>',
      attachments: [{ filename: 'invoice.pdf', contentType: 'application/pdf', size: 4 }],
    });
    const [, email] = messages;
    const attachment = await fetch(standIns.origin + (email?.attachments[0]?.url ?? ''));
    expect(attachment.headers.get('content-disposition')).toContain('attachment; filename="invoice.pdf"');
    expect(await attachment.text()).toBe('%PDF');
    const raw = await page(`/messages/${email?.id ?? ''}/raw`);
    expect(raw.text).toMatch(/^Subject: Invoice INV-1001\r$/m);
    expect(await (await fetch(`${standIns.origin}/messages/${email?.id ?? ''}`)).json()).toEqual(email);
  });

  it('finds by recipient, whatever the case, a number with its plus as it is', async () => {
    await text('+12125550177', 'Hello');
    expect(await standIns.messages('?to=ADA@example.com')).toHaveLength(1);
    expect(await standIns.messages('?to=+12125550177')).toHaveLength(1);
    expect(await standIns.messages('?to=%2B12125550177')).toHaveLength(1);
    expect(await standIns.messages('?to=eve@example.com')).toEqual([]);
  });

  it('goes by the envelope: a copy that no header shows is seen', async () => {
    await transport.sendMail({
      envelope: { from: 'invoices@paylink.test', to: ['hidden@example.com', 'other@example.com'] },
      from: 'invoices@paylink.test',
      to: 'shown@example.com',
      subject: 'Hello',
      text: 'Hello',
    });
    expect(await standIns.messages('?to=shown@example.com')).toEqual([]);
    expect(await standIns.messages('?to=hidden@example.com')).toMatchObject([
      { to: 'hidden@example.com, other@example.com' },
    ]);
  });

  it('shows all of them, however many, in order', async () => {
    for (let n = 0; n < 250; n += 1) await text('+12125550188', `Number ${n}`);
    const texts = (await standIns.messages('?to=%2B12125550188')).map((message) => message.text);
    expect(texts).toEqual(Array.from({ length: 250 }, (_, n) => `Number ${249 - n}`));
    expect(await standIns.messages('?to=%2B12125550188&limit=3')).toHaveLength(3);
  });

  it('says what it does not have and cannot do', async () => {
    expect((await page('/messages/none')).status).toBe(404);
    expect((await page('/messages/none/attachments/0')).status).toBe(404);
    expect((await page('/messages?limit=x')).status).toBe(400);
    expect((await fetch(`${standIns.origin}/messages`, { method: 'DELETE' })).status).toBe(405);
    expect((await page('/elsewhere')).status).toBe(404);
  });
});

describe('the inbox', () => {
  it('escapes what a message brings and makes its links followable', async () => {
    await text('+12125550155', 'See <b>this</b>: https://pay.example.com/pay/x?a=1&b=2.');
    const [message] = await standIns.messages('?to=%2B12125550155');
    const { text: shown, policy } = await page(`/inbox/${message?.id ?? ''}`);
    expect(shown).toContain('See &lt;b&gt;this&lt;/b&gt;: <a href="https://pay.example.com/pay/x?a=1&amp;b=2"');
    expect(policy).toMatch(/default-src 'none'; style-src 'nonce-/);
  });

  it('shows an email without its scripts, in a frame without an origin', async () => {
    await transport.sendMail({
      from: 'invoices@paylink.test',
      to: 'script@example.com',
      subject: '<script>alert(1)</script>',
      html: '<html><head><title>x</title></head><body><img src="cid:logo@x"><script>alert(2)</script></body></html>',
      attachments: [{ filename: 'logo.png', cid: 'logo@x', contentType: 'image/png', content: Buffer.from('png') }],
    });
    const [message] = await standIns.messages('?to=script@example.com');
    const inbox = await page(`/inbox/${message?.id ?? ''}`);
    expect(inbox.text).not.toContain('<script>alert(1)');
    expect(inbox.text).toMatch(/<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox/);
    const body = await page(`/messages/${message?.id ?? ''}/html`);
    expect(body.policy).toMatch(/^sandbox allow-popups [^;]*; default-src 'none'/);
    expect(body.policy).not.toContain('allow-scripts');
    expect(body.text).toContain(`<head><base target="_blank">`);
    expect(body.text).toContain(`src="/messages/${message?.id ?? ''}/attachments/0"`);
  });

  it('shows an email as a light or a dark machine does', async () => {
    const html = '<head></head><style>@media (prefers-color-scheme: dark) { body { color: red } }</style>';
    await transport.sendMail({ from: 'a@paylink.test', to: 'look@example.com', subject: 'x', html });
    const [message] = await standIns.messages('?to=look@example.com');
    const seen = async (look: string): Promise<string> =>
      (await page(`/messages/${message?.id ?? ''}/html${look}`)).text;
    expect(await seen('')).toContain('@media (prefers-color-scheme: dark) {');
    expect(await seen('?look=dark')).toMatch(/color-scheme: dark \}<\/style><\/head>.*@media \(min-width: 0px\)/);
    expect(await seen('?look=light')).toMatch(/color-scheme: light .*@media \(max-width: 0px\)/);
  });

  it('shows one row a conversation, with its last text, and finds by words', async () => {
    for (const word of ['Alpha', 'Beta', '100 %']) await text('+12125550156', `${word} for +12125550156`);
    const rows = async (query: string): Promise<string[]> =>
      (await page(`/?part=list&${query}`)).text.match(/<li>[\s\S]*?<\/li>/g) ?? [];
    expect(await rows('to=%2B12125550156')).toEqual([expect.stringMatching(/3 texts[\s\S]*100 %/)]);
    expect(await rows('q=beta+for')).toEqual([expect.stringContaining('Beta for')]);
    expect(await rows('q=%25+for&to=%2B12125550156')).toHaveLength(1);
    expect(await rows('q=_lpha')).toEqual([]);
  });

  it('lists for its script what it shows', async () => {
    const whole = await page('/?to=script@example.com');
    const list = await page('/?part=list&to=script@example.com');
    expect(whole.text).toContain(list.text);
    expect(list.text.match(/<li>/g)).toHaveLength(1);
    expect((await page('/?part=list&to=nobody@example.com')).text).toContain('Nothing matches');
    expect((await page('/inbox/none')).status).toBe(404);
  });
});

describe('faults on request', () => {
  it('delay, and end when asked', async () => {
    await standIns.setFaults('smtp', { delayMs: 400 });
    const start = performance.now();
    await transport.sendMail({ from: 'a@paylink.test', to: 'held@example.com', text: 'x' });
    expect(performance.now() - start).toBeGreaterThan(390);
    expect(await (await standIns.setFaults('smtp', {})).json()).toMatchObject({ delayMs: 0 });
  });

  it('are refused where they make no sense', async () => {
    expect((await standIns.setFaults('smtp', { delayMs: -1 })).status).toBe(400);
    expect((await standIns.setFaults('smtp', { explode: true })).status).toBe(400);
    const undeclared = await fetch(`${standIns.origin}/sandbox/smtp/faults`, {
      method: 'POST',
      body: '{"errorNext":1}',
    });
    expect(undeclared.status).toBe(400);
  });
});
