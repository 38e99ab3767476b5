/** `dead-letters`: looks at the failed jobs and puts them back, beside a service that runs or not. */
import { ConfigurationError, type Environment } from '../infrastructure/config.js';
import { BullJobQueue } from '../infrastructure/queue/bull-job-queue.js';
import { startConfiguration } from './configuration.js';

const USAGE = 'Say "dead-letters list", "dead-letters redrive <id>" or "dead-letters redrive --all".';
const PAGE = 200;

type Wish = 'list' | 'redrive_all' | { readonly redrive: string };

/** @throws ConfigurationError for words that mean nothing, or an id that is no failed job's */
export async function workOnDeadLetters(words: readonly string[], environment: Environment): Promise<void> {
  const wish = wishOf(words);
  const { config, embedded } = await startConfiguration(environment, { servesHttp: false });
  const queue = new BullJobQueue(config.queueUrl);
  try {
    if (wish === 'list') await list(queue);
    else if (wish === 'redrive_all') say(`${await queue.deadLetters.redriveAll()} jobs are tried again`);
    else if (await queue.deadLetters.redrive(wish.redrive)) say(`${wish.redrive} is tried again`);
    else throw new ConfigurationError(`There is no failed job ${wish.redrive}: "dead-letters list" names them.`);
  } finally {
    await queue.close();
    await embedded.stop();
  }
}

function wishOf([what = 'list', which, ...more]: readonly string[]): Wish {
  if (more.length === 0 && what === 'list' && which === undefined) return 'list';
  if (more.length === 0 && what === 'redrive' && which !== undefined) {
    return which === '--all' ? 'redrive_all' : { redrive: which };
  }
  throw new ConfigurationError(USAGE);
}

/** One a line, for people and for `cut`. */
async function list(queue: BullJobQueue): Promise<void> {
  let count = 0;
  for (;;) {
    const page = await queue.deadLetters.list(count, PAGE);
    for (const { id, name, attempts, failedAt, error } of page) {
      say([id, name, `${attempts} tries`, failedAt ?? '-', error].join('\t'));
    }
    count += page.length;
    if (page.length < PAGE) break;
  }
  if (count === 0) say('No job has failed for good.');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
