/** Refusals of the API, as RFC 9457 has them. */
import { expect } from '@jest/globals';
import type request from 'supertest';

export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly type: string;
  readonly instance: string;
  readonly errors: readonly { path: string; message: string }[];
}

/** Awaits a request that is refused with this status, sees that it is so in every part, and answers the problem. */
export async function refused(test: request.Test, status: number): Promise<Problem> {
  const answer = await test;
  expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8']);
  const problem = answer.body as Problem;
  expect(problem).toMatchObject({
    status,
    type: `urn:paylink-ledger:problem:${problem.code}`,
    title: expect.any(String),
    detail: expect.any(String),
    instance: expect.stringMatching(/^\/[^?]*$/),
    errors: expect.any(Array),
  });
  return problem;
}
