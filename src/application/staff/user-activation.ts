import { Injectable } from '@nestjs/common';
import { userDecider } from '../../domain/user/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { userStream } from '../ids.js';
import { ReadPosition } from '../read-position.js';
import { USER_LIST_WAIT_MS } from './invite-user.js';

/** Makes users of those who are invited, when they come for the first time: with a password, or by the provider. */
@Injectable()
export class UserActivation {
  constructor(
    private readonly executor: Execute,
    private readonly readPosition: ReadPosition,
  ) {}

  /** Ends when the list of users shows it. */
  async activate(userId: string, context: CommandContext): Promise<void> {
    const { position } = await this.executor.run({
      decider: userDecider,
      stream: userStream(userId),
      command: { type: 'ActivateUser' },
      context: { ...context, actor: `staff:${userId}` },
    });
    await this.readPosition.wait(position, USER_LIST_WAIT_MS);
  }
}
