/**
 * What the portal's pages are looked at with, beside the demo data: invoices with long stories, a branch and a customer with long
 * names, an amount without decimals, addresses that failed, jobs that are done, an endpoint, and somebody who may do little.
 */
import { eventually, invite, member, messagesTo, setUpFactor, signedIn } from './portal-people.js';

const LONG_CUSTOMER =
  'Bundesverband der Lebensmittelzwischenlagerungsunternehmen und Kühltransportgesellschaften e. V.';
const AUDITOR = 'a.very.long.address.of.somebody.new@catering.example.com';
const KEEPER = 'keeper@catering.example.com';
const REMINDER = 'Dear {{customerName}},\n\n{{invoiceNumber}} is still to be paid: {{amountDue}}.\n\n{{link}}';
const FILE_HEADER = 'number,issued_on,due_on,currency,customer_name,customer_email,description,unit_price';

/**
 * @param {any} portal a `PortalBrowser`
 * @param {(file: string) => Promise<any>} support loads a file of test/support
 */
export async function prepareWorld(portal, support) {
  const { service, origin } = portal;
  const { call } = await support('service');
  const { Journey } = await support('journey');
  const { GERMAN_BRANCH } = await support('pay-pages');
  const ask = async (method, path, body, headers) => {
    const answer = await call(service, method, path, body, headers);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const [{ id: demo, timeZone }] = (await ask('GET', '/branches')).items;
  // A payment lies in the past where the branch is.
  const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format();
  const register = (branchId, number, customer, more = {}) =>
    ask('POST', '/invoices', {
      ...{ branchId, number, currency: 'USD', issuedOn: '2026-11-01', dueOn: '2026-12-20', customer },
      ...{ lines: [{ description: 'Cold storage, 3 days', quantity: '3', unitPrice: 12_500 }], tax: 3_094, ...more },
    });

  const german = await ask('POST', '/branches', { ...settings(GERMAN_BRANCH), currency: 'EUR' });
  const euros = { currency: 'EUR', lines: [{ description: 'Tiefkühlzwischenlagerung', unitPrice: 94_534_720 }] };
  const kuehlhaus = { name: LONG_CUSTOMER, email: 'rechnungswesen-debitorenbuchhaltung@kuehlhaus.example' };
  const long = await register(german.id, 'RE-2026-11-000001234567-KÜHLHAUS-DUISBURG', kuehlhaus, euros);
  const japanese = {
    name: 'Minato Cold Chain',
    timeZone: 'Asia/Tokyo',
    currency: 'JPY',
    locale: 'ja-JP',
    country: 'JP',
  };
  const yen = { currency: 'JPY', lines: [{ description: 'Cold storage', unitPrice: 40_594 }], tax: 0 };
  const { id: tokyo } = await ask('POST', '/branches', japanese);
  const shortest = await register(
    tokyo,
    'JP-1001',
    { name: 'Toyosu Fish Market', email: 'toyosu@fish.example.com' },
    yen,
  );

  const { id: bare } = await ask('POST', '/branches', { ...japanese, name: 'Nothing Yet Storage' });

  const surroundings = { api: service.api, key: service.key, origin, inbox: service.inbox };
  const plan = { number: 'STORY-1', branchId: demo, channel: 'sms', recipient: '+12125550155', unitPriceMinor: 40_594 };
  const cards = ['4000000000000002', '4242424242424242'];
  const paid = await new Journey(surroundings, { ...plan, cards }, 60_000).make();
  await inbound(service, plan.recipient, 'Thank you! Could you send the delivery note too?');

  const grove = { name: 'Grove & Finch Catering', email: 'story@catering.example.com', phone: '+12125550156' };
  const story = await register(demo, 'STORY-2', grove);
  const first = await ask('POST', `/invoices/${story.id}/links`, { channel: 'email' });
  await fetch(first.url, { redirect: 'manual' });
  const revised = {
    issuedOn: '2026-11-01',
    dueOn: '2026-12-27',
    lines: [{ description: 'Cold storage', unitPrice: 38_000 }],
  };
  await ask('PUT', `/invoices/${story.id}`, revised);
  const check = { method: 'check', amount: 5_000, receivedOn: today, reference: 'Check 1042' };
  await ask('POST', `/invoices/${story.id}/recorded-payments`, check);
  const payments = await eventually(async () => {
    const { items } = await ask('GET', '/payments?q=STORY-2');
    return items.length > 0 && items;
  });
  const bounced = `/invoices/${story.id}/recorded-payments/${payments[0].id}/reverse`;
  await ask('POST', bounced, { reason: 'The check was returned by the bank' });
  await ask('POST', `/invoices/${story.id}/recorded-payments`, {
    ...check,
    method: 'cash',
    reference: 'At the counter',
  });
  await ask('POST', `/invoices/${story.id}/links`, { channel: 'sms' });
  await inbound(service, grove.phone, 'We already paid half of this at the counter, please check.');
  const mistaken = await ask('POST', `/invoices/${story.id}/links`, {
    channel: 'email',
    to: 'wrong@catering.example.com',
  });
  await ask('POST', `/invoices/${story.id}/links/${mistaken.id}/revoke`);
  const scheduled = { channel: 'email', to: 'books@catering.example.com', sendAt: `${later(3)}T09:00` };
  await ask('POST', `/invoices/${story.id}/links`, scheduled);
  const voided = await register(demo, 'STORY-3', { name: 'Harbour Fish Market', email: 'office@fish.example.com' });
  await ask('POST', `/invoices/${voided.id}/links`, { channel: 'email' });
  await ask('POST', `/invoices/${voided.id}/void`, { reason: 'Issued twice' });

  const silent = await register(demo, 'SILENT-1', { name: 'Silent Freight', phone: '+12125550157' });
  await ask('PATCH', `/customers/${silent.customer.id}`, { textConsent: false });
  const gone = await register(demo, 'GONE-1', { name: 'Gone Fishing', email: 'bounce@fish.example.com' });
  await ask('POST', `/invoices/${gone.id}/links`, { channel: 'email' });
  const payable = await eventually(async () => {
    const { items } = await ask('GET', '/payments?q=At+the+counter');
    return items.length > 0 && items;
  });

  const imported = await importFile(service, demo);
  const bulk = await eventually(async () => {
    const found = await ask('GET', '/invoices?q=BULK-');
    return found.items.length > 20 && found;
  });
  const sent = await ask('POST', '/links/bulk', {
    invoiceIds: [...bulk.items.map(({ id }) => id), voided.id],
    channel: 'email',
  });
  await eventually(async () => (await ask('GET', `/jobs/${sent.jobId}`)).status === 'done');

  const hook = { url: 'http://localhost:9/hooks/of/the/accounts/department', description: 'The books' };
  const endpoint = await ask('POST', '/webhook-endpoints', hook);
  await ask('POST', `/webhook-endpoints/${endpoint.id}/test`);
  const sms = { body: '{{branchName}}: {{link}}' };
  for (const body of ['Dear {{customerName}},\n\n{{invoiceNumber}}: {{amountDue}}.\n\n{{link}}', REMINDER]) {
    const email = { subject: 'Invoice {{invoiceNumber}}', body };
    await ask('PUT', `/branches/${demo}/messages/reminder`, { email, sms });
  }
  const paidTo = async (name, account) => {
    const { id } = await ask('POST', '/branches', { ...japanese, name });
    await ask('PUT', `/branches/${id}/card-processing`, account);
    return id;
  };
  const ownKeys = await paidTo('Pier Storage', {
    ...{ mode: 'keys', secretKey: 'sk_test_acctHarbour_0042', publishableKey: 'pk_test_acctHarbour_0042' },
  });
  const connected = await paidTo('Quay Storage', { mode: 'connect', account: 'acct_ConnectedNoCharges' });
  const auditor = await member(portal, service, {
    name: 'Grove & Finch Catering, audit',
    email: AUDITOR,
    role: 'auditor',
  });
  const beginner = await member(portal, service, {
    ...{ name: 'New Branch', email: 'new.branch@catering.example.com', role: 'finance', branchId: bare },
  });
  const keeper = await member(portal, service, { name: 'Keeper of the keys', email: KEEPER, role: 'admin' });
  await signedIn(portal, keeper, (page) => setUpFactor(page, `${origin}/staff`, keeper));
  const invitation = await invite(portal, service, {
    name: 'Somebody New',
    email: 'new@catering.example.com',
    role: 'staff',
  });
  return {
    ...{
      service,
      origin,
      ask,
      demo,
      german: german.id,
      tokyo,
      bare,
      long: long.id,
      yen: shortest.id,
      paid: paid.invoiceId,
    },
    ...{ story: story.id, voided: voided.id, silentInvoice: silent.id, gone: gone.id, reversible: payable[0].id },
    ...{ storyCustomer: story.customer.id, silent: silent.customer.id, goneCustomer: gone.customer.id },
    ...{ longCustomer: long.customer.id, imported, sent: sent.jobId, endpoint: endpoint.id, revoked: mistaken.url },
    ...{ auditor, keeper, beginner, invitation, ownKeys, connected },
    importMany: () => importMany(service, ownKeys, `MANY-${Date.now()}`),
  };
}

const settings = ({ name, timeZone, locale, country, address, replyTo, telephone, colour, logo }) => ({
  ...{ name, timeZone, locale, country, address, replyTo, telephone, colour, logo },
});

const later = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** A text from somebody's telephone, once one was sent there. */
async function inbound(service, from, body) {
  await eventually(async () => (await messagesTo(service, from)).length > 0);
  const sandbox = new URL('/sandbox/twilio/inbound', service.inbox);
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(sandbox, { method: 'POST', headers, body: JSON.stringify({ from, body }) });
  if (!answer.ok) throw new Error(`Inbound text: ${answer.status} ${await answer.text()}`);
}

/** Begins an import that takes a while, beside the branches that are looked at. */
async function importMany(service, branchId, named) {
  const rows = Array.from(
    { length: 3_000 },
    (_, at) => `${named}-${at},2025-01-20,2025-02-10,JPY,Customer,books@example.com,"Storage, cold",12`,
  );
  return startImport(service, branchId, rows);
}

async function importFile(service, branchId) {
  const rows = Array.from(
    { length: 40 },
    (_, at) => `BULK-${at},2026-11-20,2026-12-10,USD,Customer ${at >> 1},c${at >> 1}@example.com,"Storage, cold",12.50`,
  );
  rows.splice(20, 0, 'BULK-BAD,2026-13-40,2026-12-10,USD,X,no address,Storage,1', '"not closed,1');
  return startImport(service, branchId, rows);
}

async function startImport(service, branchId, rows) {
  const answer = await fetch(`${service.api}/invoices/import?branchId=${branchId}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${service.key}`, 'Content-Type': 'text/csv' },
    body: [FILE_HEADER, ...rows].join('\n'),
  });
  if (!answer.ok) throw new Error(`Import: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).jobId;
}
