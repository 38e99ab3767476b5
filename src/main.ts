/** The service; with the word `rebuild`, the rebuilding of its read models instead; with `dead-letters`, its failed jobs. */
import 'reflect-metadata';
import { ConfigurationError } from './infrastructure/config.js';
import { CheckpointAhead } from './infrastructure/postgres/log-consumer/failures.js';
import { StillRunning } from './infrastructure/postgres/log-consumer/rebuild.js';
import { createLogger } from './infrastructure/telemetry/logger.js';
import { announcement } from './start-up/announcement.js';
import { startConfiguration } from './start-up/configuration.js';

/** After this long a stop is no longer waited for: whatever is left is safe, because crashes are. */
const STOP_LIMIT_MS = 24_000;

/** Resolves at the first signal; a second one ends the process at once. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    const tell = (): void => {
      if (told) process.exit(1);
      told = true;
      setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
      resolve();
    };
    process.on('SIGINT', tell);
    process.on('SIGTERM', tell);
  });
}

async function serve(): Promise<void> {
  const told = untilSignal();
  // Loaded while the stand-ins start: it is half of what the start waits for.
  const loading = import('./start-up/service.js');
  loading.catch(() => undefined);
  const { config, embedded } = await startConfiguration(process.env, { servesHttp: true });
  const logger = createLogger(config.logLevel);
  embedded.onExit((exit) => logger.warn({ exit }, 'the sandbox ended and is started again'));
  let refuse: (error: CheckpointAhead) => void = () => undefined;
  const refused = new Promise<never>((_resolve, reject) => {
    refuse = reject;
  });
  refused.catch(() => undefined);
  try {
    const { startService } = await loading;
    const service = await startService(config, logger, refuse);
    try {
      process.stdout.write(announcement(config, process.env, service.localSignIn));
      await Promise.race([told, refused]);
    } finally {
      await service.stop();
    }
  } finally {
    await embedded.stop();
  }
}

/** What an operator can mend is said in plain words; anything else keeps its trace, so that somebody can find it. */
function explain(error: unknown): string {
  const isPlain = [ConfigurationError, CheckpointAhead, StillRunning].some((kind) => error instanceof kind);
  if (isPlain) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function rebuild(): Promise<void> {
  const { rebuildReadModels } = await import('./start-up/rebuild.js');
  await rebuildReadModels(process.env);
}

async function deadLetters(words: readonly string[]): Promise<void> {
  const { workOnDeadLetters } = await import('./start-up/dead-letters.js');
  await workOnDeadLetters(words, process.env);
}

async function invite(words: readonly string[]): Promise<void> {
  const { inviteAdmin } = await import('./start-up/invite-admin.js');
  await inviteAdmin(words, process.env);
}

function begin([word, ...more]: readonly string[]): Promise<void> {
  if (word === 'rebuild') return rebuild();
  if (word === 'invite-admin') return invite(more);
  return word === 'dead-letters' ? deadLetters(more) : serve();
}

const work = begin(process.argv.slice(2));
work.then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);
