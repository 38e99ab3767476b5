import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keepJson } from './kept-file.js';

/**
 * What a client shows to the stand-ins. The word `sandbox` in the keys of Stripe and the user of SMTP is a mark: where real
 * customers are served, settings that bear it are refused.
 */
export interface Credentials {
  readonly stripeSecretKey: string;
  readonly stripePublishableKey: string;
  readonly stripeWebhookSecret: string;
  readonly twilioAccountSid: string;
  readonly twilioAuthToken: string;
  readonly smtpPassword: string;
}

export const SMTP_USER = 'sandbox';

/** The one number of the Twilio account, which in the original is the one that test messages come from. */
export const TWILIO_NUMBER = '+15005550006';

/** Random at the first start of a `DATA_DIR`, the same ever after. */
export async function keepCredentials(dataDir: string): Promise<Credentials> {
  const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
  return keepJson(join(dataDir, 'secrets', 'sandbox.json'), async () => ({
    stripeSecretKey: `sk_test_sandbox${hex(20)}`,
    stripePublishableKey: `pk_test_sandbox${hex(20)}`,
    stripeWebhookSecret: `whsec_${hex(24)}`,
    twilioAccountSid: `AC${hex(16)}`,
    twilioAuthToken: hex(16),
    smtpPassword: hex(16),
  }));
}
