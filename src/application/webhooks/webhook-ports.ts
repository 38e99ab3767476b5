/** What outbound webhooks stand on. */

/** Judges addresses that messages are to go to. */
export abstract class WebhookAddresses {
  /** Why this address can never be one, in words that help; `undefined` where it may be. Names are judged when they are used. */
  abstract objectionTo(url: string): string | undefined;
}

/** Signing secrets of endpoints. They are kept encrypted, and no event holds one. */
export abstract class WebhookSecrets {
  /** The secret of this id as its holder sees it (`whsec_…`), made and durable when it is asked for the first time. */
  abstract make(secretId: string, endpointId: string): Promise<string>;
  /** In the order asked. @throws where one of them is not there */
  abstract read(secretIds: readonly string[]): Promise<readonly string[]>;
  /** The endpoint is gone, and its secrets with it. */
  abstract forget(endpointId: string): Promise<void>;
}

export interface WebhookMessage {
  readonly url: string;
  /** The same on every try, so that a receiver knows what it had before. */
  readonly id: string;
  readonly body: string;
  readonly sentAt: Date;
  /** Each signs. */
  readonly secrets: readonly string[];
}

export interface WebhookAnswer {
  /** HTTP status, or `undefined` where none came. */
  readonly code: number | undefined;
  /** Why there was none. Nothing secret. */
  readonly error: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly durationMs: number;
}

export abstract class WebhookSender {
  /** One try: no redirect is followed, and only public addresses are connected to. Never throws for what the receiver does. */
  abstract send(message: WebhookMessage): Promise<WebhookAnswer>;
}

/** How long a try may take, to the receiver's answer. */
export const WEBHOOK_LIMIT_MS = 15_000;

export interface WebhookDelivery {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly messageId: string;
  readonly type: string;
  /** Absent: a message to try the endpoint with. */
  readonly source: { readonly stream: string; readonly revision: bigint } | undefined;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly createdAt: Date;
  /** Each redelivery begins a round of three days. */
  readonly round: number;
  readonly roundBeganAt: Date;
  /** Of this round. */
  readonly tries: number;
  readonly nextTryAt: Date | undefined;
}

/** What a try came to. */
export interface WebhookTry {
  readonly at: Date;
  readonly status: WebhookDelivery['status'];
  readonly nextTryAt: Date | undefined;
  readonly code: number | undefined;
  readonly error: string | undefined;
  readonly durationMs: number | undefined;
}

export interface NewWebhookDelivery {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly messageId: string;
  readonly type: string;
  readonly source: WebhookDelivery['source'];
}

/** What is to be told to whom, and what came of it. */
export abstract class WebhookDeliveries {
  /** One an endpoint and message; one that is there is left as it is. Due at once. */
  abstract add(deliveries: readonly NewWebhookDelivery[], now: Date): Promise<void>;
  abstract find(deliveryId: string): Promise<WebhookDelivery | undefined>;
  /** Writes down a try of this round, if it is still the next one: false where another was faster. */
  abstract record(delivery: WebhookDelivery, attempt: WebhookTry): Promise<boolean>;
  /** It turned out not to be for this endpoint. */
  abstract drop(deliveryId: string): Promise<void>;
  /** Begins a new round, due at once, of one delivery of this endpoint, or of all that failed since then. Answers them. */
  abstract beginRound(
    endpointId: string,
    which: { readonly deliveryId: string } | { readonly failedSince: Date },
    now: Date,
  ): Promise<readonly WebhookDelivery[]>;
  /** Pending ones that should have been tried before `before`, the longest due first. */
  abstract due(before: Date, max: number): Promise<readonly WebhookDelivery[]>;
  /** Forgets what is over and older than this. */
  abstract prune(before: Date): Promise<void>;
}
