import type Stripe from 'stripe';

/** The inside of the `error` member of an answer of Stripe's. */
export type ErrorBody = Pick<
  Stripe.StripeRawError,
  'code' | 'decline_code' | 'doc_url' | 'message' | 'param' | 'charge' | 'payment_intent' | 'payment_method' | 'type'
>;

/** A request that is refused as Stripe refuses it. Throwing one undoes whatever the request had begun. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
  ) {
    super(body.message ?? body.type ?? 'Refused');
  }
}

/** Where Stripe explains an error code. */
export function documentationOf(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;
}

/** 400: the request itself is wrong. */
export function invalidRequest(message: string, details: Omit<ErrorBody, 'type' | 'message'> = {}): ApiError {
  const doc = details.code === undefined ? {} : { doc_url: documentationOf(details.code) };
  return new ApiError(400, { ...details, ...doc, message, type: 'invalid_request_error' });
}

/** 404: an id that names nothing. */
export function noSuch(kind: string, id: string, param: string): ApiError {
  return new ApiError(404, {
    code: 'resource_missing',
    doc_url: documentationOf('resource_missing'),
    message: `No such ${kind}: '${id}'`,
    param,
    type: 'invalid_request_error',
  });
}

/** 401: no key, or one that is not known. */
export function unauthenticated(message: string): ApiError {
  return new ApiError(401, { message, type: 'invalid_request_error' });
}
