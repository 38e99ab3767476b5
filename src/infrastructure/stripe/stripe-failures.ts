import { Stripe } from 'stripe';
import { ProcessorRefused, ProcessorUnavailable } from '../../application/ports.js';

const { errors } = Stripe;
const INVALID_KEY = 'invalid_api_key';

/** The intent is in a state in which what was asked for cannot be done, usually because it has been done already. */
export function isUnexpectedState(error: unknown): boolean {
  return error instanceof errors.StripeError && error.code === 'payment_intent_unexpected_state';
}

/** The key itself was not let in: it was taken back, or never was one. */
export function isKeyRefused(error: unknown): boolean {
  return error instanceof ProcessorRefused && error.code === INVALID_KEY;
}

/**
 * The port's error for one of the SDK's. Of the original only code, kind and request id are kept: its message and fields
 * can hold client secrets and parts of keys, and these errors are logged.
 */
export function failureFrom(error: unknown, action: string): Error {
  if (error instanceof ProcessorRefused || error instanceof ProcessorUnavailable) return error;
  if (!(error instanceof errors.StripeError)) {
    return new ProcessorUnavailable(`Asked to ${action}, Stripe's answer could not be read.`);
  }
  const request = error.requestId === undefined ? '' : ` (request ${error.requestId})`;
  if (isOutcomeUnknown(error)) {
    return new ProcessorUnavailable(`Asked to ${action}, Stripe gave no usable answer${request}.`);
  }
  const code =
    error instanceof errors.StripeAuthenticationError ? INVALID_KEY : (error.code ?? error.rawType ?? error.type);
  return new ProcessorRefused(code, `Stripe refused to ${action}: ${code}${request}.`);
}

/** No answer, an answer that says nothing of the outcome, or another request with the same key still on its way. */
function isOutcomeUnknown(error: InstanceType<typeof errors.StripeError>): boolean {
  if (error instanceof errors.StripeConnectionError || error instanceof errors.StripeRateLimitError) return true;
  const status = error.statusCode;
  return status === undefined || status >= 500 || status === 409 || status === 429;
}
