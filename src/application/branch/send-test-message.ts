import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { branchDecider } from '../../domain/branch/decider.js';
import type { MessageKind, MessageWording, TestMessageRequested } from '../../domain/branch/events.js';
import { normaliseEmail } from '../../domain/recipient.js';
import type { CommandContext } from '../command-context.js';
import { Contacts } from '../contact/contacts.js';
import { MessageTemplates } from '../documents.js';
import { Execute } from '../execute.js';
import { branchStream, testMessageId } from '../ids.js';
import { inField } from '../in-field.js';
import { MessageCaps } from '../messages/message-caps.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { Clock } from '../ports.js';
import { assertSameRequest } from '../same-request.js';
import { loadBranch } from './branch-view.js';
import { wordingFor } from './wording.js';

export interface TestMessageQueued {
  readonly requestId: string;
  readonly recipient: string;
  readonly position: bigint;
}

/** Sends a message to oneself as a customer would get it, on the example invoice, marked as a test. */
export class SendTestMessage extends Command<TestMessageQueued> {
  constructor(
    readonly input: {
      readonly branchId: string;
      readonly kind: MessageKind;
      readonly language?: string | undefined;
      readonly message?: Partial<MessageWording> | undefined;
      readonly channel: 'email' | 'sms';
      readonly to: string;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SendTestMessage)
export class SendTestMessageHandler implements ICommandHandler<SendTestMessage> {
  constructor(
    private readonly executor: Execute,
    private readonly templates: MessageTemplates,
    private readonly phones: PhoneNumbers,
    private readonly contacts: Contacts,
    private readonly caps: MessageCaps,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `invalid_recipient`, `country_not_allowed`, `template_invalid`, `cap_reached` */
  async execute({ input, context }: SendTestMessage): Promise<TestMessageQueued> {
    const { branchId, kind, channel } = input;
    const branch = await loadBranch(this.executor, branchId);
    const language = input.language ?? new Intl.Locale(branch.details.locale).language;
    const recipient = inField('to', () =>
      channel === 'email' ? normaliseEmail(input.to) : this.phones.parse(input.to, branch.details.country).e164,
    );
    const given = input.message && { ...wordingFor(branch, kind, language, this.templates), ...input.message };
    if (given) this.templates.check(kind, given);
    const requestId = testMessageId(branchId, context.cause);
    const number = channel === 'sms' ? this.contacts.digestOf(recipient) : undefined;
    // It is anybody's address that is typed in: a test counts like any other message of whoever asks. Of an invoice it is none.
    const use = { messageId: requestId, at: this.clock.now(), actor: context.actor, invoiceId: requestId, number };
    await this.caps.take(use);
    const words = given === undefined ? {} : { message: given };
    const request = { requestId, kind, language, ...words, channel, recipient };
    const { position } = await this.executor.run({
      decider: branchDecider,
      stream: branchStream(branchId),
      command: { type: 'RequestTestMessage', request },
      context,
      quietWhenRepeated: true,
    });
    await this.assertSame(branchId, request, context);
    return { requestId, recipient, position };
  }

  /** Against the event: the words in use may have been changed since. */
  private async assertSame(
    branchId: string,
    request: TestMessageRequested['data'],
    context: CommandContext,
  ): Promise<void> {
    if (!context.causeIsChosen) return;
    const { events } = await this.executor.load(branchDecider, branchStream(branchId));
    for (const { event } of events) {
      if (event.type === 'TestMessageRequested' && event.data.requestId === request.requestId) {
        assertSameRequest(context, event.data, request);
      }
    }
  }
}
