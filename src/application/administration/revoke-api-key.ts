import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { administrationDecider } from '../../domain/administration/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { ADMINISTRATION_STREAM } from '../ids.js';
import { ReadPosition } from '../read-position.js';
import { KEY_LIST_WAIT_MS } from './create-api-key.js';

/** Ends a key. Answered once the key no longer works. */
export class RevokeApiKey extends Command<{ readonly position: bigint }> {
  constructor(
    readonly input: { readonly keyId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  constructor(
    private readonly executor: Execute,
    private readonly readPosition: ReadPosition,
  ) {}

  async execute({ input, context }: RevokeApiKey): Promise<{ position: bigint }> {
    const { position } = await this.executor.run({
      decider: administrationDecider,
      stream: ADMINISTRATION_STREAM,
      command: { type: 'RevokeApiKey', keyId: input.keyId },
      context,
    });
    await this.readPosition.wait(position, KEY_LIST_WAIT_MS);
    return { position };
  }
}
