/** Names of the answers that refuse, by status. */
export const REFUSALS = {
  400: 'Malformed',
  401: 'Unauthenticated',
  403: 'Forbidden',
  404: 'NotFound',
  406: 'NotAcceptable',
  409: 'Conflict',
  412: 'VersionChanged',
  415: 'UnsupportedMediaType',
  422: 'Refused',
  429: 'TooMany',
  500: 'Failed',
  503: 'Unavailable',
} as const;

const SAYINGS: Readonly<Record<keyof typeof REFUSALS, string>> = {
  400: 'The request is malformed; "errors" says where',
  401: 'No API key, or one that is unknown, revoked or expired',
  403: "The key's role may not do this",
  404: "It does not exist, or it is another branch's",
  406: 'There is no such form of the answer',
  409: 'The same request could succeed in another state',
  412: 'It changed since the version that If-Match names',
  415: 'The body is not of a type that the route takes',
  422: 'The request can never succeed',
  429: 'The key makes too many requests',
  500: 'Something went wrong on our side',
  503: 'A system behind the service cannot be reached',
};

const retryAfter = { 'Retry-After': { $ref: '#/components/headers/Retry-After' } };

export const COMPONENT_RESPONSES = Object.fromEntries(
  Object.entries(REFUSALS).map(([status, name]) => [
    name,
    {
      description: SAYINGS[Number(status) as keyof typeof REFUSALS],
      headers: {
        'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
        ...(status === '429' || status === '503' ? retryAfter : {}),
        ...(status === '401' ? { 'WWW-Authenticate': { $ref: '#/components/headers/WWW-Authenticate' } } : {}),
      },
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]),
);

const header = (description: string) => ({ description, schema: { type: 'string' } });

export const COMPONENT_HEADERS = {
  ETag: header("The stream's revision, in quotes"),
  'Ledger-Position': header('Where the log had got to with this write; lists take it as "after"'),
  Location: header('Where what was made can be read'),
  'Retry-After': header('Seconds'),
  'WWW-Authenticate': header('Bearer'),
  'X-Request-Id': header('The id under which the request is logged'),
};
