import {
  type CardProcessor,
  type NoticeEndpoint,
  type ProcessorAccount,
  type ProcessorAccountState,
  type ProcessorNotice,
  ProcessorRefused,
} from '../../src/application/ports.js';

/** What the processor is to tell, and what it was asked. */
export interface PlayedNotices {
  next: ProcessorNotice | undefined;
  /** By which endpoint it comes. */
  by: NoticeEndpoint;
  retrieved: string[];
  askedAt: ProcessorAccount[];
  failWith: Error | undefined;
}

/** The card processor as a test plays it. */
export function playedProcessor(notices: PlayedNotices): Partial<CardProcessor> {
  return {
    testMode: true,
    readNotice: (body, signature, endpoint) =>
      Promise.resolve(
        signature === 'good' && body.length > 0 && JSON.stringify(endpoint) === JSON.stringify(notices.by)
          ? notices.next
          : undefined,
      ),
    tryKey: playedAccount,
    tryPair: () => Promise.resolve({ outcome: 'one_account' }),
    describeAccount: () => playedAccount(''),
    retrieveIntent: async (account, paymentIntentId) => {
      if (notices.failWith) throw notices.failWith;
      notices.retrieved.push(paymentIntentId);
      notices.askedAt.push(account);
      return {
        paymentIntentId,
        status: 'succeeded',
        amountMinor: 1,
        currency: 'USD',
        clientSecret: 'secret',
        metadata: {},
        charge: undefined,
        lastError: undefined,
      };
    },
  };
}

/** Every key is good but those that say that they are not. */
async function playedAccount(secretKey: string): Promise<ProcessorAccountState> {
  await Promise.resolve();
  if (secretKey.endsWith('_revoked')) throw new ProcessorRefused('api_key_expired', `No access: ${secretKey}`);
  return { accountId: 'acct_played', name: undefined, chargesEnabled: true };
}
