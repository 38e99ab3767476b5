import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { administrationDecider } from '../../domain/administration/decider.js';
import type { Role } from '../../domain/administration/events.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { ADMINISTRATION_STREAM, apiKeyId } from '../ids.js';
import { ApiKeySecrets } from '../ports.js';
import { ReadPosition } from '../read-position.js';
import { assertSameRequest } from '../same-request.js';

/** The key list is what requests are checked against: a new key is answered once it works. */
export const KEY_LIST_WAIT_MS = 5_000;

export interface CreatedApiKey {
  readonly keyId: string;
  /** Shown once. */
  readonly key: string;
  readonly position: bigint;
}

export class CreateApiKey extends Command<CreatedApiKey> {
  constructor(
    readonly input: {
      readonly name: string;
      readonly role: Role;
      readonly branchIds?: readonly string[] | undefined;
      readonly expiresAt?: string | undefined;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateApiKey)
export class CreateApiKeyHandler implements ICommandHandler<CreateApiKey> {
  constructor(
    private readonly executor: Execute,
    private readonly secrets: ApiKeySecrets,
    private readonly readPosition: ReadPosition,
  ) {}

  async execute({ input, context }: CreateApiKey): Promise<CreatedApiKey> {
    const keyId = apiKeyId(context.cause);
    const key = this.secrets.make(keyId);
    const { name, role, branchIds, expiresAt } = input;
    const { state, position } = await this.executor.run({
      decider: administrationDecider,
      stream: ADMINISTRATION_STREAM,
      command: {
        type: 'CreateApiKey',
        data: {
          keyId,
          name,
          role,
          ...(branchIds === undefined ? {} : { branchIds }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
          keyHash: this.secrets.hash(key),
        },
      },
      context,
    });
    const made = state.keys.get(keyId);
    if (made) assertSameRequest(context, askedFor(made), askedFor(input));
    await this.readPosition.wait(position, KEY_LIST_WAIT_MS);
    return { keyId, key, position };
  }
}

function askedFor({ name, role, branchIds, expiresAt }: CreateApiKey['input']): object {
  return { name, role, branchIds, expiresAt };
}
