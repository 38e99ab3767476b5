/** Refusals that HTTP itself makes, before or beside any command. */
export type HttpProblemCode = keyof typeof HTTP_PROBLEMS;

export const HTTP_PROBLEMS = {
  malformed_request: { status: 400, title: 'The request is malformed.' },
  malformed_json: { status: 400, title: 'The body is not JSON.' },
  malformed_header: { status: 400, title: 'A header is malformed.' },
  invalid_cursor: { status: 400, title: 'The cursor is not one that a list of this service answered.' },
  webhook_not_believed: { status: 400, title: 'The signature does not belong to this body, or it is too old.' },
  webhook_not_signed: { status: 403, title: 'The request is not signed by the provider of texts for this address.' },
  unauthenticated: { status: 401, title: 'An API key is needed.' },
  forbidden: { status: 403, title: 'The API key does not have the right to do this.' },
  session_changed: { status: 403, title: 'You have signed in anew since this page was loaded.' },
  route_not_found: { status: 404, title: 'There is nothing at this address.' },
  not_acceptable: { status: 406, title: 'The answer cannot be had in a form that Accept names.' },
  payload_too_large: { status: 413, title: 'The request is larger than what is accepted.' },
  unsupported_media_type: { status: 415, title: 'The body is not of a type that is accepted here.' },
  not_available: { status: 422, title: 'This is not available.' },
  rate_limited: { status: 429, title: 'Too many requests with this API key.' },
  internal_error: { status: 500, title: 'Something went wrong on our side.' },
  event_store_unavailable: { status: 503, title: 'The event store cannot be reached.' },
  processor_unavailable: { status: 503, title: 'The card processor cannot be reached.' },
  database_unavailable: { status: 503, title: 'The database cannot be reached.' },
  list_behind: { status: 503, title: 'The list has not reached the position that "after" names yet.' },
} as const;

/** One thing that is wrong, and where: `lines.0.quantity`. An empty path is the whole. */
export interface ProblemIssue {
  readonly path: string;
  readonly message: string;
}

interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly ProblemIssue[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that HTTP refuses. Thrown by guards, pipes and controllers; the exception filter makes the answer. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly title: string;

  constructor(
    readonly code: HttpProblemCode,
    readonly options: ProblemOptions = {},
  ) {
    super(options.detail ?? HTTP_PROBLEMS[code].title);
    this.status = HTTP_PROBLEMS[code].status;
    this.title = HTTP_PROBLEMS[code].title;
  }
}
