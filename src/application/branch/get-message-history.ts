import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { branchDecider } from '../../domain/branch/decider.js';
import type { BranchEvent, MessageKind, MessageWording } from '../../domain/branch/events.js';
import type { RecordedEvent } from '../../domain/decider.js';
import { DomainError } from '../../domain/errors.js';
import { Execute } from '../execute.js';
import { branchStream } from '../ids.js';

/** One thing that was done to a message of a branch. */
export interface MessageChange {
  readonly what: 'customized' | 'reset' | 'test_requested';
  readonly language: string;
  /** The words from then on, or those that were tried; absent for the default ones. */
  readonly message: MessageWording | undefined;
  /** How a test message went; absent while it is under way, and for what is no test. */
  readonly outcome: 'sent' | 'failed' | undefined;
  readonly actor: string;
  readonly at: string;
  readonly revision: bigint;
}

/** Who worded a message of a branch, when and how, newest first. From the stream, so that it shows what was acknowledged. */
export class GetMessageHistory extends Query<readonly MessageChange[]> {
  constructor(
    readonly input: {
      readonly branchId: string;
      readonly kind: MessageKind;
      readonly language?: string | undefined;
    },
  ) {
    super();
  }
}

@QueryHandler(GetMessageHistory)
export class GetMessageHistoryHandler implements IQueryHandler<GetMessageHistory> {
  constructor(private readonly executor: Execute) {}

  async execute({ input }: GetMessageHistory): Promise<readonly MessageChange[]> {
    const { branchId, kind, language } = input;
    const { state, events } = await this.executor.load(branchDecider, branchStream(branchId));
    if (state.status === 'absent') throw new DomainError('branch_not_found', { branchId });
    const outcomes = outcomesOf(events);
    return events
      .flatMap((recorded) => changeOf(recorded, kind, outcomes) ?? [])
      .filter((change) => language === undefined || change.language === language)
      .reverse();
  }
}

const CUSTOMIZED: Readonly<Record<MessageKind, BranchEvent['type']>> = {
  'invoice-link': 'InvoiceLinkMessageCustomized',
  receipt: 'ReceiptMessageCustomized',
  reminder: 'ReminderMessageCustomized',
};

function changeOf(
  { event, metadata, revision }: RecordedEvent<BranchEvent>,
  kind: MessageKind,
  outcomes: ReadonlyMap<string, 'sent' | 'failed'>,
): MessageChange | undefined {
  const by = { actor: metadata.actor, at: metadata.occurredAt, revision };
  const { type, data } = event;
  if (type === CUSTOMIZED[kind] && 'message' in data && data.message) {
    return { what: 'customized', language: data.language, message: data.message, outcome: undefined, ...by };
  }
  if (type === 'MessageReset' && data.kind === kind) {
    return { what: 'reset', language: data.language, message: undefined, outcome: undefined, ...by };
  }
  if (type === 'TestMessageRequested' && data.kind === kind) {
    const { language, message, requestId } = data;
    return { what: 'test_requested', language, message, outcome: outcomes.get(requestId), ...by };
  }
  return undefined;
}

function outcomesOf(events: readonly RecordedEvent<BranchEvent>[]): ReadonlyMap<string, 'sent' | 'failed'> {
  const outcomes = new Map<string, 'sent' | 'failed'>();
  for (const { event } of events) {
    if (event.type === 'TestMessageSent') outcomes.set(event.data.requestId, 'sent');
    if (event.type === 'TestMessageFailed') outcomes.set(event.data.requestId, 'failed');
  }
  return outcomes;
}
