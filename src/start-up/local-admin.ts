/** The administrator of a service on stand-ins: somebody who just started it is to see the portal at once. */
import type { CommandBus } from '@nestjs/cqrs';
import { PrepareLocalAdmin } from '../application/staff/prepare-local-admin.js';
import type { Config } from '../infrastructure/config.js';
import { keepLocalSecret } from '../infrastructure/secrets.js';

const EMAIL = 'staff@example.com';
const PASSWORD_BYTES = 15;

export interface LocalSignIn {
  readonly email: string;
  readonly password: string;
  /** Opens the portal once, from this machine. */
  readonly url: string;
}

/** @returns what to print, and the position that the list of users has to have got to */
export async function prepareLocalSignIn(
  commands: CommandBus,
  config: Pick<Config, 'dataDir' | 'port'>,
): Promise<{ readonly signIn: LocalSignIn; readonly position: bigint }> {
  const password = await keepLocalSecret(config.dataDir, 'staff-password', PASSWORD_BYTES);
  const admin = { email: EMAIL, name: 'Ada Byron', password };
  const { token, position } = await commands.execute(new PrepareLocalAdmin(admin));
  const url = `http://localhost:${config.port}/staff/sign-in?once=${token}`;
  return { signIn: { email: EMAIL, password, url }, position };
}
