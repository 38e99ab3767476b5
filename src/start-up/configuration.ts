import { createServer } from 'node:net';
import { ConfigurationError, completeConfig, parseEnvironment, readEnvironment } from '../infrastructure/config.js';
import type { Config, Environment } from '../infrastructure/config.js';
import { keepSecrets } from '../infrastructure/secrets.js';
import { startEmbedded } from './embedded.js';
import type { Embedded } from './embedded.js';

/** A whole configuration, and the stand-ins behind those of its addresses that were not set. */
export interface StartedConfiguration {
  readonly config: Config;
  readonly embedded: Embedded;
}

/**
 * From the variables of the process to everything that the service needs to know: checks what is set, starts stand-ins for
 * the addresses that are not, and makes the keys that are not.
 *
 * @param options.servesHttp whether this process is to listen on `PORT`; then it is refused early where that is taken
 * @throws ConfigurationError with one message that names what is wrong and how to mend it; then nothing is left running
 */
export async function startConfiguration(
  source: Environment,
  options: { servesHttp: boolean; sandboxScript?: string },
): Promise<StartedConfiguration> {
  const environment = readEnvironment(source);
  const settings = parseEnvironment(environment);
  if (options.servesHttp && settings.ROLES.includes('web')) await refuseTakenPort(settings.PORT);
  const secrets = await keepSecrets(settings);
  const embedded = await startEmbedded(settings, options.sandboxScript);
  try {
    return { config: completeConfig(environment, { ...secrets, ...embedded.environment }), embedded };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

/** Before anything is started, so that a second start on the same port says so at once. */
async function refuseTakenPort(port: number): Promise<void> {
  const server = createServer();
  const free = await new Promise<boolean>((answer) => {
    server.once('error', () => answer(false));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
  if (!free) {
    throw new ConfigurationError(
      `Port ${port} (PORT) is taken by another process: stop that one, or set PORT to a free port.`,
    );
  }
}
