/** Company/Branch information over HTTP: what is refused is said beside its field, and nothing that others did is lost. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BranchSetups } from '../../src/projections/branch-setups.js';
import { BranchDesk } from '../support/branch-desk.js';
import { hidden } from '../support/staff-world.js';

let desk: BranchDesk;

beforeAll(async () => {
  desk = await BranchDesk.start();
}, 60_000);
afterAll(() => desk.world.dispose());

const DETAILS = {
  ...{ name: 'Main Street', country: 'US', region: 'TX', timeZone: 'America/New_York', locale: 'en-US' },
  ...{
    address: '1 Main Street\r\nHouston',
    telephone: '',
    colour: '',
    otherWaysToPay: '',
    privacyUrl: '',
    termsUrl: '',
  },
};

describe('who sees a branch', () => {
  it('is an administrator of it, and nobody else', async () => {
    const [own, other] = [await desk.branch(), await desk.branch()];
    const some = await desk.someone('admin', [own]);
    await some.get(`/staff/branches/${own}`).expect(200);
    await some.get(`/staff/branches/${other}`).expect(404);
    await some.get('/staff/branches/new').expect(403);
    const list = await some.get('/staff/branches').expect(200);
    expect(list.text).toContain(own);
    expect(list.text).not.toContain(other);
    const staff = await desk.someone('staff');
    for (const tab of [
      '',
      '/logo',
      '/senders',
      '/messages/receipt',
      '/reminders',
      '/fees',
      '/card-processing',
      '/copy',
    ]) {
      await some.get(`/staff/branches/${other}${tab}`).expect(404);
      await staff.get(`/staff/branches/${own}${tab}`).expect(403);
    }
    const payments = await staff.get('/staff/invoices').expect(200);
    expect(payments.text).not.toContain('Company/Branch information');
  });
});

describe('details', () => {
  it('are registered and changed, each mistake beside its field, with what was typed', async () => {
    const form = await desk.admin.get('/staff/branches/new').expect(200);
    const keys = { _csrf: hidden(form.text, '_csrf'), cause: hidden(form.text, 'cause') };
    const fresh = { ...keys, ...DETAILS, currency: 'usd' };
    const wrong = await desk.admin
      .post('/staff/branches/new', { ...fresh, name: '', timeZone: 'Nowhere/At_All' })
      .expect(422);
    expect(wrong.text).toContain('id="f-name-error">It must not be empty.<');
    const zone = await desk.admin.post('/staff/branches/new', { ...fresh, timeZone: 'Nowhere/At_All' }).expect(422);
    expect(zone.text).toMatch(/id="f-timeZone-error">[^<]*time zone/);
    expect(zone.text).toContain('value="Nowhere/At_All"');
    const first = await desk.admin.post('/staff/branches/new', fresh).expect(303);
    const again = await desk.admin.post('/staff/branches/new', fresh).expect(303);
    expect(again.headers['location']).toBe(first.headers['location']);
    const path = first.headers['location']!.split('?')[0]!;
    await desk.admin.post(path, { ...(await desk.open(path)), ...DETAILS, telephone: '+1 713 555 0100' }).expect(303);
    const { details } = await desk.read(path.split('/').at(-1)!);
    expect(details).toMatchObject({
      address: ['1 Main Street', 'Houston'],
      telephone: '+1 713 555 0100',
      currency: 'USD',
    });
  });

  it('that hold a card number are refused without repeating it', async () => {
    const path = `/staff/branches/${await desk.branch()}`;
    const typed = { ...(await desk.open(path)), ...DETAILS, otherWaysToPay: 'By card 4242 4242 4242 4242' };
    const refused = await desk.admin.post(path, typed).expect(422);
    expect(refused.text).toContain('id="f-otherWaysToPay-error">It contains a card number.<');
  });

  it('that somebody else changed meanwhile are shown, and what was typed is kept', async () => {
    const branchId = await desk.branch();
    const path = `/staff/branches/${branchId}`;
    const mine = await desk.open(path);
    const other = await desk.someone('admin');
    await other
      .post(path, { ...(await desk.open(path, other)), ...DETAILS, telephone: '+1 713 555 0199', colour: '#123456' })
      .expect(303);
    const typed = { ...mine, ...DETAILS, telephone: '+1 713 555 0111' };
    const conflict = await desk.admin.post(path, typed).expect(409);
    expect(conflict.text).toContain('Ada Byron changed this');
    expect(conflict.text).toMatch(/<del>\(nothing\)<\/del>\s*<ins>\+1 713 555 0199<\/ins>/);
    expect(conflict.text).toContain('value="+1 713 555 0111"');
    expect((await desk.read(branchId)).details.telephone).toBe('+1 713 555 0199');
    // What was left alone shows theirs, so that saving again does not undo it.
    expect(conflict.text).toContain('value="#123456"');
    const seen = { cause: hidden(conflict.text, 'cause'), revision: hidden(conflict.text, 'revision') };
    await desk.admin.post(path, { ...typed, ...seen }).expect(303);
    expect((await desk.read(branchId)).details.telephone).toBe('+1 713 555 0111');
  });

  it('are not in the way of who changes another part, and a mistake does not hide what others did', async () => {
    const branchId = await desk.branch();
    const path = `/staff/branches/${branchId}`;
    const mine = await desk.open(path);
    await desk.admin
      .post(`${path}/senders`, { ...mine, cause: await cause(path), replyTo: 'office@example.com' })
      .expect(303);
    await desk.admin.post(path, { ...mine, ...DETAILS }).expect(303);
    const late = await desk.open(path);
    await desk.admin.post(path, { ...(await desk.open(path)), ...DETAILS, name: 'Side Street' }).expect(303);
    const wrong = await desk.admin.post(path, { ...late, ...DETAILS, colour: 'blue' }).expect(422);
    const mended = {
      ...late,
      ...DETAILS,
      cause: hidden(wrong.text, 'cause'),
      revision: hidden(wrong.text, 'revision'),
    };
    await desk.admin.post(path, mended).expect(409);
  });

  const cause = async (path: string): Promise<string> => (await desk.open(path)).cause;
});

describe('reminders and senders', () => {
  it('are saved, or refused beside their field', async () => {
    const branchId = await desk.branch();
    const path = `/staff/branches/${branchId}`;
    const policy = { enabled: 'yes', beforeDays: '7, 3 0', afterDays: '', at: '10:30' };
    await desk.admin.post(`${path}/reminders`, { ...(await desk.open(`${path}/reminders`)), ...policy }).expect(303);
    expect((await desk.read(branchId)).reminders).toEqual({
      enabled: true,
      beforeDays: [7, 3, 0],
      afterDays: [],
      at: '10:30',
    });
    const night = { ...(await desk.open(`${path}/reminders`)), ...policy, at: '23:00', beforeDays: 'x' };
    expect((await desk.admin.post(`${path}/reminders`, night).expect(422)).text).toMatch(/id="f-beforeDays-error">It /);
    const late = { ...(await desk.open(`${path}/reminders`)), ...policy, at: '23:00' };
    expect((await desk.admin.post(`${path}/reminders`, late).expect(422)).text).toMatch(/id="f-at-error">[^<]*08:00/);
    const senders = { emailFrom: 'a@example.com\r\nBcc: b@example.com', replyTo: '', smsSender: '+1' };
    const refused = await desk.admin
      .post(`${path}/senders`, { ...(await desk.open(`${path}/senders`)), ...senders })
      .expect(422);
    expect(refused.text).toMatch(/id="f-emailFrom-error">It must be one email address/);
    expect(refused.text).toMatch(/id="f-smsSender-error">It must be a number/);
  });
});

describe('the checklist', () => {
  it('knows what happened, and goes when all of it did', async () => {
    const branchId = await desk.branch();
    const path = `/staff/branches/${branchId}`;
    expect((await desk.admin.get(path).expect(200)).text).toContain('0 of 5');
    await desk.admin.post(`${path}/card-processing`, { ...(await desk.open(path)), mode: 'platform' }).expect(303);
    const fees = await desk.open(`${path}/fees`);
    await desk.admin.post(`${path}/fees`, { ...fees, rateBps: '3', capBps: '3' }).expect(303);
    expect((await desk.admin.get(path).expect(200)).text).toContain('2 of 5');
    await desk.world.catchUp();
    const setup = await desk.world.app.get(BranchSetups).of(branchId);
    expect(setup).toEqual({ card: true, fee: true, email: false, text: false, paid: false });
    const chosen = await desk.admin.get(`/staff/branches?branchId=${branchId}`).expect(200);
    expect(chosen.text).toContain('Main Street: 2 of 5 set up');
  });
});

describe('a branch that has no invoices yet', () => {
  it('says so in Find invoice, and how they come, in contrast to a search that finds none', async () => {
    const branchId = await desk.branch({ name: 'New Quay' });
    await desk.world.catchUp();
    const search = `/staff/invoices?branchId=${branchId}`;
    const blank = await desk.admin.get(search).expect(200);
    expect(blank.text).toContain('New Quay has no invoices yet');
    expect(blank.text).toContain('href="/staff/import"');
    const none = await desk.admin.get(`${search}&q=zzzz`).expect(200);
    expect(none.text).toContain('Nothing matches');
    expect(none.text).not.toContain('has no invoices yet');
  });
});
