/** The part of a branch that is its words: which messages it has worded, in which language, and what is being tried. */
import { assertNever } from '../decider.js';
import type { BranchEvent, MessageKind, MessageWording, TestMessageRequested } from './events.js';

/** What a branch has worded. What is missing has the default words. */
export interface Messages {
  readonly worded: Readonly<Record<MessageKind, ReadonlyMap<string, MessageWording>>>;
  /** Test messages that nobody has taken or refused yet, by request. */
  readonly tests: ReadonlyMap<string, TestMessageRequested['data']>;
}

export const NO_MESSAGES: Messages = {
  worded: { 'invoice-link': new Map(), receipt: new Map(), reminder: new Map() },
  tests: new Map(),
};

export type MessageCommand =
  | {
      readonly type: 'CustomizeMessage';
      readonly kind: MessageKind;
      readonly language: string;
      readonly message: MessageWording;
    }
  | { readonly type: 'ResetMessage'; readonly kind: MessageKind; readonly language: string }
  | { readonly type: 'RequestTestMessage'; readonly request: TestMessageRequested['data'] }
  | {
      readonly type: 'RecordTestMessageSent';
      readonly requestId: string;
      readonly messageId: string;
      readonly providerId: string;
    }
  | {
      readonly type: 'RecordTestMessageFailed';
      readonly requestId: string;
      readonly code: string;
      readonly reason: string;
    };

const CUSTOMIZED = {
  'invoice-link': 'InvoiceLinkMessageCustomized',
  receipt: 'ReceiptMessageCustomized',
  reminder: 'ReminderMessageCustomized',
} as const satisfies Readonly<Record<MessageKind, BranchEvent['type']>>;

const COMMANDS: Readonly<Record<MessageCommand['type'], true>> = {
  CustomizeMessage: true,
  ResetMessage: true,
  RequestTestMessage: true,
  RecordTestMessageSent: true,
  RecordTestMessageFailed: true,
};

export function isMessageCommand(command: { readonly type: string }): command is MessageCommand {
  return Object.hasOwn(COMMANDS, command.type);
}

export function decideMessage(command: MessageCommand, { worded, tests }: Messages): readonly BranchEvent[] {
  switch (command.type) {
    case 'CustomizeMessage': {
      const { kind, language, message } = command;
      if (JSON.stringify(worded[kind].get(language)) === JSON.stringify(message)) return [];
      return [{ type: CUSTOMIZED[kind], data: { language, message } }];
    }
    case 'ResetMessage': {
      const { kind, language } = command;
      return worded[kind].has(language) ? [{ type: 'MessageReset', data: { kind, language } }] : [];
    }
    case 'RequestTestMessage':
      return tests.has(command.request.requestId) ? [] : [{ type: 'TestMessageRequested', data: command.request }];
    case 'RecordTestMessageSent': {
      const { requestId, messageId, providerId } = command;
      if (!tests.has(requestId)) return [];
      return [{ type: 'TestMessageSent', data: { requestId, messageId, providerId } }];
    }
    case 'RecordTestMessageFailed': {
      const { requestId, code, reason } = command;
      if (!tests.has(requestId)) return [];
      return [{ type: 'TestMessageFailed', data: { requestId, code, reason } }];
    }
    default:
      return assertNever(command);
  }
}

const EVENTS = {
  InvoiceLinkMessageCustomized: true,
  ReceiptMessageCustomized: true,
  ReminderMessageCustomized: true,
  MessageReset: true,
  TestMessageRequested: true,
  TestMessageSent: true,
  TestMessageFailed: true,
} as const satisfies Partial<Record<BranchEvent['type'], true>>;

export type MessageEvent = Extract<BranchEvent, { type: keyof typeof EVENTS }>;

export function isMessageEvent(event: BranchEvent): event is MessageEvent {
  return Object.hasOwn(EVENTS, event.type);
}

export function evolveMessages(messages: Messages, event: MessageEvent): Messages {
  const { worded, tests } = messages;
  switch (event.type) {
    case 'InvoiceLinkMessageCustomized':
      return { ...messages, worded: { ...worded, 'invoice-link': withWords(worded['invoice-link'], event.data) } };
    case 'ReceiptMessageCustomized':
      return { ...messages, worded: { ...worded, receipt: withWords(worded.receipt, event.data) } };
    case 'ReminderMessageCustomized':
      return { ...messages, worded: { ...worded, reminder: withWords(worded.reminder, event.data) } };
    case 'MessageReset': {
      const { kind, language } = event.data;
      return { ...messages, worded: { ...worded, [kind]: without(worded[kind], language) } };
    }
    case 'TestMessageRequested':
      return { ...messages, tests: new Map(tests).set(event.data.requestId, event.data) };
    case 'TestMessageSent':
    case 'TestMessageFailed':
      return { ...messages, tests: without(tests, event.data.requestId) };
    default:
      return assertNever(event);
  }
}

function withWords(
  words: ReadonlyMap<string, MessageWording>,
  { language, message }: { readonly language: string; readonly message: MessageWording },
): ReadonlyMap<string, MessageWording> {
  return new Map(words).set(language, message);
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
