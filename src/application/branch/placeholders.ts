/** What may stand between double braces in a branch's own message, with what a menu says of each. */
import type { MessageKind } from '../../domain/branch/events.js';

const BRANCH = {
  branchName: 'The name of the branch',
  branchTelephone: 'The telephone number of the branch; nothing where it has none',
  customerName: 'The customer as the invoice names them',
  invoiceNumber: 'The number of the invoice',
} as const;

const DUE = {
  amountDue: 'What is still owed, with its currency',
  dueDate: 'The due date in words',
} as const;

const INVOICE_LINK = { ...BRANCH, ...DUE, link: 'The link to the invoice; alone on a line of an email it is a button' };

const REMINDER = {
  ...BRANCH,
  ...DUE,
  dueStatus: 'How far the due date is: “due in 3 days”, “due today”, “3 days overdue”',
  link: 'The link to the invoice; alone on a line of an email it is a button',
};

const RECEIPT = {
  ...BRANCH,
  receiptNumber: 'The number of the receipt',
  amountPaid: 'What was paid, the fee included, with its currency',
  paidOn: 'When it was paid, in the zone of the branch',
  card: 'The card it was paid with: “Visa ending in 4242”',
  link: 'The link to the receipt; alone on a line of an email it is a button',
};

/** By message: the name of each placeholder and what it stands for. */
export const MESSAGE_PLACEHOLDERS = {
  'invoice-link': INVOICE_LINK,
  receipt: RECEIPT,
  reminder: REMINDER,
} as const satisfies Readonly<Record<MessageKind, Readonly<Record<string, string>>>>;

/** Names of everything that may stand in some message. */
export type Placeholder = { [Kind in MessageKind]: keyof (typeof MESSAGE_PLACEHOLDERS)[Kind] }[MessageKind];

export const MESSAGE_KINDS = Object.keys(MESSAGE_PLACEHOLDERS) as readonly MessageKind[];
