/** A refusal of a schema is told in words that mend it, once a field, and never in those of the library. */
import { describe, expect, it } from '@jest/globals';
import { newApiKey } from '../../src/web/api/schemas/api-keys.js';
import { issuesOf } from '../../src/web/api/schema-pipe.js';

describe('the body of a key', () => {
  it.each([
    ['a role that there is not', { role: 'king' }, 'role', 'must be one of staff, finance, auditor, admin'],
    [
      'no branch at all',
      { branchIds: [] },
      'branchIds',
      'must name at least one branch; leave it out for every branch',
    ],
    [
      'a time that is none',
      { expiresAt: 'soon' },
      'expiresAt',
      'must be an RFC 3339 instant, like 2026-11-20T14:30:00Z',
    ],
    ['a time beyond all clocks', { expiresAt: '2300-01-01T00:00:00Z' }, 'expiresAt', 'must lie between 1900 and 2199'],
  ])('with %s', (_, change, path, message) => {
    const result = newApiKey.safeParse({ name: 'Accounting', role: 'staff', ...change });
    expect(issuesOf(result.error!)).toEqual([{ path, message }]);
  });
});
