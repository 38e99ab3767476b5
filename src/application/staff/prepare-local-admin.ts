import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { userDecider, type UserCommand } from '../../domain/user/decider.js';
import { normalisePassword } from '../../domain/user/password.js';
import { systemContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { userStream } from '../ids.js';
import { Clock } from '../ports.js';
import { Passwords, PasswordStore } from './passwords.js';
import { StaffLinkMail } from './staff-link-mail.js';
import { Users } from './user-view.js';

const CAUSE = 'demo:administrator';

export interface LocalAdmin {
  /** Works once. */
  readonly token: string;
  readonly position: bigint;
}

/** Sees to the administrator of a service on stand-ins: makes the user once, and a fresh sign-in at each start. */
export class PrepareLocalAdmin extends Command<LocalAdmin> {
  constructor(readonly input: { readonly email: string; readonly name: string; readonly password: string }) {
    super();
  }
}

@CommandHandler(PrepareLocalAdmin)
export class PrepareLocalAdminHandler implements ICommandHandler<PrepareLocalAdmin> {
  constructor(
    private readonly executor: Execute,
    private readonly users: Users,
    private readonly passwords: Passwords,
    private readonly store: PasswordStore,
    private readonly mail: StaffLinkMail,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: PrepareLocalAdmin): Promise<LocalAdmin> {
    const userId = this.users.idOf(input.email);
    const known = await this.users.byId(userId);
    if (!known) {
      const facts = { userId, email: input.email, name: input.name, role: 'admin' } as const;
      await this.run(userId, { type: 'InviteUser', facts });
    }
    // Somebody may have disabled it on purpose; the printed password stays the one that works for it.
    const position = known?.status === 'disabled' ? 0n : await this.run(userId, { type: 'ActivateUser' });
    const password = normalisePassword(input.password);
    if (!(await this.passwords.matches(await this.store.hashOf(userId), password))) {
      await this.store.save(userId, await this.passwords.hash(password), this.clock.now());
    }
    return { token: await this.mail.print(userId), position };
  }

  private async run(userId: string, command: UserCommand): Promise<bigint> {
    const context = systemContext('demo', `${CAUSE}:${command.type}`, CAUSE);
    const { position } = await this.executor.run({
      decider: userDecider,
      stream: userStream(userId),
      command,
      context,
    });
    return position;
  }
}
