import type { BranchSecrets } from '../../../src/application/branch-secrets.js';
import type { BranchMail, Documents, MessageTemplates } from '../../../src/application/documents.js';
import type { OwedItems } from '../../../src/application/jobs/sweep.js';
import type { MessageSettings } from '../../../src/application/messages/message-settings.js';
import type { MessageUses } from '../../../src/application/messages/message-uses.js';
import type { QuoteStore } from '../../../src/application/pay/quote-store.js';
import type { Logos } from '../../../src/application/branch/logos.js';
import type { PhoneNumbers } from '../../../src/application/phone-numbers.js';
import type * as port from '../../../src/application/ports.js';
import type { ReadPosition } from '../../../src/application/read-position.js';
import type { TextDirectory, TextNotices } from '../../../src/application/texts/text-notices.js';
import { InMemoryEventStore } from '../in-memory-event-store.js';
import { MemoryBranchSecrets } from './branch-secrets.js';
import { FakeCardProcessor } from './card-processor.js';
import { FixedKeyCipher } from './cipher.js';
import { FakeMailer, FakeTexter, PlainDocuments, PlainLogos, PlainPhoneNumbers, PlainTemplates } from './messages.js';
import { ProcessState } from './process-runner.js';
import {
  ImmediateReadPosition,
  LogLinkDirectory,
  LogOwedItems,
  MemoryQueue,
  MemoryQuoteStore,
  PlainApiKeySecrets,
  PlainContactDigest,
  PlainLinkTokens,
  TestPublicUrl,
} from './stores.js';
import {
  DefaultMessageSettings,
  LogTextDirectory,
  MemoryMessageUses,
  MemoryTextNotices,
  PlainBranchMail,
} from './texts.js';
import { Chance, SeededRandomness, VirtualClock } from './time-and-chance.js';

/** What the application stands on. */
export interface Ports {
  readonly store: port.EventStore;
  readonly log: () => readonly port.StoredEvent[];
  readonly cipher: port.PersonalDataCipher;
  readonly clock: port.Clock;
  readonly randomness: port.Randomness;
  readonly tokens: port.LinkTokens;
  readonly publicUrl: port.PublicUrl;
  readonly directory: port.LinkDirectory;
  readonly apiKeys: port.ApiKeySecrets;
  readonly contacts: port.ContactDigest;
  readonly processor: port.CardProcessor;
  readonly mailer: port.Mailer;
  readonly texter: port.Texter;
  readonly queue: port.JobQueue;
  readonly quotes: QuoteStore;
  readonly branchSecrets: BranchSecrets;
  readonly templates: MessageTemplates;
  readonly documents: Documents;
  readonly phones: PhoneNumbers;
  readonly logos: Logos;
  readonly readPosition: ReadPosition;
  readonly owed: OwedItems;
  readonly uses: MessageUses;
  readonly messageSettings: MessageSettings;
  readonly notices: TextNotices;
  readonly texts: TextDirectory;
  readonly replyMail: BranchMail;
  readonly processState: ProcessState;
}

/** The doubles of all ports, each showing its own face. What they keep outlives the application that runs on them. */
export interface World extends Ports {
  readonly store: InMemoryEventStore;
  readonly cipher: FixedKeyCipher;
  readonly clock: VirtualClock;
  readonly processor: FakeCardProcessor;
  readonly branchSecrets: MemoryBranchSecrets;
  readonly mailer: FakeMailer;
  readonly texter: FakeTexter;
  readonly queue: MemoryQueue;
  readonly quotes: MemoryQuoteStore;
  readonly uses: MemoryMessageUses;
  readonly messageSettings: DefaultMessageSettings;
  readonly notices: MemoryTextNotices;
  readonly texts: LogTextDirectory;
}

export function makeWorld(
  seed = 1,
  beforeCharge: (intent: port.PaymentIntent, log: readonly port.StoredEvent[]) => void = () => undefined,
): World {
  const clock = new VirtualClock();
  const store = new InMemoryEventStore(() => clock.now());
  const processState = new ProcessState();
  return {
    clock,
    store,
    processState,
    log: () => store.all(),
    cipher: new FixedKeyCipher(),
    randomness: new SeededRandomness(new Chance(seed)),
    tokens: new PlainLinkTokens(),
    publicUrl: new TestPublicUrl(),
    directory: new LogLinkDirectory(store),
    apiKeys: new PlainApiKeySecrets(),
    contacts: new PlainContactDigest(),
    processor: new FakeCardProcessor(clock, (intent) => beforeCharge(intent, store.all())),
    mailer: new FakeMailer(),
    texter: new FakeTexter(clock),
    queue: new MemoryQueue(),
    quotes: new MemoryQuoteStore(),
    branchSecrets: new MemoryBranchSecrets(),
    templates: new PlainTemplates(),
    documents: new PlainDocuments(),
    phones: new PlainPhoneNumbers(),
    logos: new PlainLogos(),
    readPosition: new ImmediateReadPosition(),
    uses: new MemoryMessageUses(),
    messageSettings: new DefaultMessageSettings(),
    notices: new MemoryTextNotices(clock),
    texts: new LogTextDirectory(store),
    replyMail: new PlainBranchMail(),
    owed: new LogOwedItems(store, (paymentId) => processState.ranks.get(paymentId)?.rank),
  };
}
