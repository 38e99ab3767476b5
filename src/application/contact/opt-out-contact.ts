import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '../command-context.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { Clock } from '../ports.js';
import { Contacts } from './contacts.js';

/** The customer told staff that they want no texts. Only their own START undoes it. */
export class OptOutContact extends Command<{ readonly position: bigint }> {
  constructor(
    /** `country` (ISO 3166-1 alpha-2) is where a number without `+` is from. */
    readonly input: { readonly phone: string; readonly country: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(OptOutContact)
export class OptOutContactHandler implements ICommandHandler<OptOutContact> {
  constructor(
    private readonly contacts: Contacts,
    private readonly phones: PhoneNumbers,
    private readonly clock: Clock,
  ) {}

  execute({ input, context }: OptOutContact): Promise<{ position: bigint }> {
    const number = this.phones.parse(input.phone, input.country).e164;
    const at = this.clock.now().toISOString();
    return this.contacts.record(number, { type: 'OptOut', data: { channel: 'sms', source: 'staff', at } }, context);
  }
}
