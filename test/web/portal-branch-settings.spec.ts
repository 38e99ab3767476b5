/** Fees, logos and settings copied between branches, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import sharp from 'sharp';
import request from 'supertest';
import { SetFeePolicy } from '../../src/application/branch/set-fee-policy.js';
import { BranchDesk, mistakeAt, WORDS } from '../support/branch-desk.js';
import { ADMIN_KEY, hidden } from '../support/staff-world.js';

let desk: BranchDesk;

beforeAll(async () => {
  desk = await BranchDesk.start();
}, 60_000);
afterAll(() => desk.world.dispose());

describe('a fee', () => {
  const FEE = { enabled: 'yes', rateBps: '3', fixedMinor: '0', capBps: '3', costBps: '' };

  it('is previewed and saved as people write it', async () => {
    const branchId = await desk.branch();
    const path = `/staff/branches/${branchId}/fees`;
    const typed = { ...(await desk.open(path)), ...FEE, rateBps: '2.75 %', fixedMinor: '0.30' };
    const preview = await desk.admin
      .post(`${path}/preview`, { ...typed, rateBps: '3', fixedMinor: '' })
      .set('X-Part', 'preview');
    expect(preview.text).toContain('On $405.94 by any credit card: $12.17, total $418.11');
    await desk.admin.post(path, typed).expect(303);
    expect((await desk.read(branchId)).feePolicy).toMatchObject({ rateBps: 275, fixedMinor: 30, capBps: 300 });
  });

  it('says what caps it, and why it is not allowed', async () => {
    const colorado = `/staff/branches/${await desk.branch({ region: 'CO' })}/fees`;
    const capped = await desk.admin
      .post(`${colorado}/preview`, { ...(await desk.open(colorado)), ...FEE })
      .set('X-Part', 'preview');
    expect(capped.text).toContain('Capped at 2% in Colorado');
    const maine = `/staff/branches/${await desk.branch({ region: 'ME' })}/fees`;
    const refused = await desk.admin.post(maine, { ...(await desk.open(maine)), ...FEE }).expect(422);
    expect(refused.text).toContain('A fee is not allowed in Maine (rule us_me.');
    const off = { ...(await desk.open(maine)), ...FEE, enabled: '' };
    await desk.admin.post(maine, off).expect(303);
  });

  it.each([
    ['rateBps', 'three', 'Give a percentage'],
    ['rateBps', '2.755', 'Give a percentage'],
    ['fixedMinor', '-1', 'Give an amount in USD'],
    ['consentText', 'I agree', 'must contain {{fee}}'],
    ['effectiveFrom', '2026-02-30', 'date'],
  ])('refuses %s = %s', async (field, value, words) => {
    const path = `/staff/branches/${await desk.branch()}/fees`;
    const refused = await desk.admin.post(path, { ...(await desk.open(path)), ...FEE, [field]: value }).expect(422);
    expect(mistakeAt(refused.text, field)).toContain(words);
  });
});

describe('the logo', () => {
  const upload = async (branchId: string, file: Buffer, name = 'logo.png') => {
    const path = `/staff/branches/${branchId}/logo`;
    const form = await desk.open(path);
    const made = request(desk.world.app.getHttpServer()).post(path).redirects(0);
    void made.set({ Host: 'localhost:3000', Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' });
    void made.set({ 'Sec-Fetch-Site': 'same-origin', Cookie: desk.admin.cookie! });
    return made.field(form).attach('logo', file, name);
  };

  it('is made anew, and removed', async () => {
    const branchId = await desk.branch();
    const picture = sharp({ create: { width: 900, height: 300, channels: 3, background: '#0a5c8f' } });
    expect((await upload(branchId, await picture.webp().toBuffer())).status).toBe(303);
    expect((await desk.read(branchId)).details.logo).toMatch(/^data:image\/png;base64,/);
    const path = `/staff/branches/${branchId}/logo`;
    await desk.admin.post(`${path}/remove`, await desk.open(path)).expect(303);
    expect((await desk.read(branchId)).details.logo).toBeUndefined();
  });

  it.each([
    ['an SVG', Buffer.from('<svg onload="alert(1)"/>'), 'SVG is not accepted'],
    ['no file', Buffer.alloc(0), 'The file is empty'],
    ['more than two megabytes', Buffer.alloc(2_100_000, 1), 'larger than 2 MB'],
  ])('that is %s is refused beside the field', async (_name, file, words) => {
    const branchId = await desk.branch();
    const refused = await upload(branchId, file);
    expect(refused.status).toBe(422);
    expect(/id="logo-error">([^<]*)</.exec(refused.text)?.[1]).toContain(words);
    expect((await desk.read(branchId)).details.logo).toBeUndefined();
  });

  it('that comes by the API is made anew too, and stays as it is when it is sent back', async () => {
    const branchId = await desk.branch();
    const jpeg = await sharp({ create: { width: 80, height: 40, channels: 3, background: '#0a5c8f' } })
      .jpeg()
      .toBuffer();
    const patch = (logo: string) =>
      request(desk.world.app.getHttpServer())
        .patch(`/api/v1/branches/${branchId}`)
        .set({ Host: 'localhost:3000', Authorization: `Bearer ${ADMIN_KEY}` })
        .send({ logo });
    const made = await patch(`data:image/jpeg;base64,${jpeg.toString('base64')}`).expect(200);
    const { logo, revision } = made.body as { logo: string; revision: string };
    expect(logo).toMatch(/^data:image\/png;base64,/);
    expect((await patch(logo).expect(200)).body).toMatchObject({ revision });
    const bomb = await patch(`data:image/png;base64,${Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64')}`);
    expect(bomb.status).toBe(422);
    expect(bomb.body).toMatchObject({ code: 'branch_detail_invalid', errors: [{ path: 'logo' }] });
  });

  it('needs the token of the session', async () => {
    const path = `/staff/branches/${await desk.branch()}/logo`;
    const made = request(desk.world.app.getHttpServer()).post(path);
    void made.set({ Host: 'localhost:3000', 'Sec-Fetch-Site': 'same-origin', Cookie: desk.admin.cookie! });
    expect((await made.field({ _csrf: 'another' }).attach('logo', Buffer.from('x'), 'x.png')).status).toBe(403);
  });
});

describe('copying settings', () => {
  it('shows what would change, copies it once, and names what is refused', async () => {
    const source = await desk.branch({ name: 'First Street', otherWaysToPay: 'By check', colour: '#123456' });
    const target = await desk.branch({ name: 'Boston', region: 'MA' });
    const bus = desk.world.app.get(CommandBus);
    await bus.execute(new SetFeePolicy({ branchId: source, policy: { enabled: true, rateBps: 300 } }, desk.context()));
    const message = `/staff/branches/${source}/messages/receipt`;
    const receipt = {
      ...WORDS,
      'email.subject': 'Receipt {{receiptNumber}}',
      'email.body': 'Thank you',
      language: 'en',
    };
    await desk.admin.post(message, { ...(await desk.open(message)), ...receipt }).expect(303);
    const path = `/staff/branches/${target}/copy`;
    const asked = 'part=messages&part=fees&part=ways&part=look';
    const preview = await desk.admin.get(`${path}?from=${source}&${asked}`).expect(200);
    expect(preview.text).toContain('A fee is not allowed in Massachusetts');
    expect((await desk.read(target)).details.otherWaysToPay).toBeUndefined();
    const form = { _csrf: hidden(preview.text, '_csrf'), cause: hidden(preview.text, 'cause'), from: source };
    const part = ['messages', 'fees', 'ways', 'look'];
    const done = await desk.admin.post(path, { ...form, part }).expect(200);
    expect(done.text).toContain('Not copied. A fee is not allowed in Massachusetts');
    const { details, messages, feePolicy, revision } = await desk.read(target);
    expect(details).toMatchObject({ otherWaysToPay: 'By check', colour: '#123456', name: 'Boston' });
    expect(messages.receipt['en']).toMatchObject({ email: { subject: 'Receipt {{receiptNumber}}' } });
    expect(feePolicy).toBeUndefined();
    await desk.admin.post(path, { ...form, part }).expect(200);
    expect((await desk.read(target)).revision).toBe(revision);
  });

  it('asks what to copy where nothing is ticked', async () => {
    const [source, target] = [await desk.branch(), await desk.branch()];
    const { text } = await desk.admin.get(`/staff/branches/${target}/copy?from=${source}`).expect(200);
    expect(text).toContain('Tick what is to be copied.');
    expect(text).toContain('aria-describedby="copy-what"');
    expect(text).not.toContain('What would change');
  });

  it('takes nothing from a branch that is not one’s own', async () => {
    const [own, other] = [await desk.branch(), await desk.branch()];
    const some = await desk.someone('admin', [own]);
    await some.get(`/staff/branches/${own}/copy?from=${other}&part=look`).expect(404);
  });
});
