/** Messages of a branch over HTTP: worded by language, previewed, tried, reset and restored. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BranchDesk, mistakeAt, WORDS } from '../support/branch-desk.js';
import { hidden } from '../support/staff-world.js';

let desk: BranchDesk;

beforeAll(async () => {
  desk = await BranchDesk.start();
}, 60_000);
afterAll(() => desk.world.dispose());

describe('a message', () => {
  it('is saved, reset and restored by language, each with who did it', async () => {
    const branchId = await desk.branch();
    const path = `/staff/branches/${branchId}/messages/invoice-link`;
    const spanish = { language: 'es' };
    await desk.admin.post(path, { ...(await desk.open(`${path}?language=es`)), ...spanish, ...WORDS }).expect(303);
    const saved = (await desk.read(branchId)).messages['invoice-link'];
    expect(saved['es']).toMatchObject({ email: { body: 'Dear {{customerName}},\n\n{{link}}' } });
    expect(saved['en']).toBeUndefined();
    await desk.admin.post(`${path}/reset`, { ...(await desk.open(`${path}?language=es`)), ...spanish }).expect(303);
    const page = await desk.admin.get(`${path}?language=es`).expect(200);
    expect(page.text).toContain('<strong>Ada Byron</strong> went back to the default words');
    expect(page.text).toContain('<ins>+ Dear {{customerName}},</ins>');
    const of = hidden(page.text, 'of');
    await desk.admin
      .post(`${path}/restore`, { ...(await desk.open(`${path}?language=es`)), ...spanish, of })
      .expect(303);
    expect((await desk.read(branchId)).messages['invoice-link']['es']).toMatchObject({
      sms: { body: WORDS['sms.body'] },
    });
    await desk.admin.post(`${path}/restore`, { ...(await desk.open(path)), ...spanish, of: '99' }).expect(400);
  });

  it.each([
    ['email.body', 'Hello\r\n\r\n{{#each x}}{{/each}} {{link}}', 'Line 3: Only these'],
    ['email.body', 'No way to pay', 'Without {{link}}'],
    ['email.body', '{{{customerName}}} {{link}}', 'plainly'],
    ['email.subject', '', 'It must not be empty'],
    ['sms.body', '{{link}}', 'Without {{branchName}}'],
    ['sms.body', `{{branchName}} {{link}} ${'x'.repeat(11_000)}`, 'longer than 10240 bytes'],
    ['email.body', `{{link}} ${'x'.repeat(300_000)}`, 'longer than 10240 bytes'],
  ])('is refused beside %s', async (part, text, words) => {
    const path = `/staff/branches/${await desk.branch()}/messages/invoice-link`;
    const typed = { ...(await desk.open(path)), language: 'en', ...WORDS, [part]: text };
    const refused = await desk.admin.post(path, typed).expect(422);
    const error = mistakeAt(refused.text, part);
    expect(error).toContain(words);
  });

  it('of more than a megabyte is answered by a page that says what to do', async () => {
    const path = `/staff/branches/${await desk.branch()}/messages/invoice-link`;
    const typed = { ...(await desk.open(path)), language: 'en', ...WORDS, 'email.body': 'x'.repeat(1_000_000) };
    const refused = await desk.admin.post(path, typed).set('Accept', 'text/html').expect(413);
    expect(refused.headers['content-type']).toContain('text/html');
    expect(refused.text).toContain('The body is larger than one megabyte. Nothing was saved. Go back');
  });

  it('is previewed with words that are not saved, in a frame that runs nothing', async () => {
    const path = `/staff/branches/${await desk.branch()}/messages/invoice-link`;
    const hostile = { ...WORDS, 'email.body': '<script>alert(1)</script> {{customerName}} {{link}}', language: 'en' };
    const email = await desk.admin.post(`${path}/email.html`, { ...(await desk.open(path)), ...hostile }).expect(200);
    expect(email.headers['content-security-policy']).toContain('sandbox');
    expect(email.text).toContain('&lt;script&gt;');
    expect(email.text).toContain('Ada Byron');
    const part = await desk.admin
      .post(`${path}/preview`, { ...(await desk.open(path)), ...hostile })
      .set('X-Part', 'preview');
    expect(part.text).toContain('1 segment');
    const whole = await desk.admin.post(`${path}/preview`, { ...(await desk.open(path)), ...hostile }).expect(200);
    expect(whole.text).toContain('<h1>Main Street</h1>');
    const saved = await desk.admin.get(`${path}/email.html?language=en`).expect(200);
    expect(saved.text).not.toContain('script');
  });

  it('is sent to oneself, and not where the number is none', async () => {
    const branchId = await desk.branch();
    const path = `/staff/branches/${branchId}/messages/reminder`;
    const typed = { ...WORDS, language: 'en', channel: 'email' };
    const sent = await desk.admin.post(`${path}/test`, { ...(await desk.open(path)), ...typed }).expect(200);
    expect(sent.text).toMatch(/A test goes to admin@example\.com/);
    const wrong = { ...(await desk.open(path)), ...typed, channel: 'sms', phone: '12' };
    const refused = await desk.admin.post(`${path}/test`, wrong).expect(422);
    expect(refused.text).toMatch(/id="test-error">[^<]+</);
    const history = await desk.admin.get(path).expect(200);
    expect(history.text).toContain('sent a test');
  });
});
