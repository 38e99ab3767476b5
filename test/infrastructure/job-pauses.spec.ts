import { describe, expect, it } from '@jest/globals';
import { RetryLater } from '../../src/application/ports.js';
import { pauseBefore } from '../../src/infrastructure/queue/job-pauses.js';

const most = (below: number) => below - 1;
const least = () => 0;

describe('the pause before a job is tried again', () => {
  it('doubles from what the error asks for, or from the queue’s own', () => {
    expect([1, 2, 3].map((tries) => pauseBefore(tries, new Error('x'), 1_000, most))).toEqual([1_000, 2_000, 4_000]);
    const greylisted = new RetryLater('later', 60_000);
    expect([1, 2, 3].map((tries) => pauseBefore(tries, greylisted, 1_000, most))).toEqual([60_000, 120_000, 240_000]);
  });

  it('leaves half of itself to chance and ends at an hour', () => {
    expect(pauseBefore(1, new Error('x'), 1_000, least)).toBe(500);
    expect(pauseBefore(20, new RetryLater('later', 300_000), 1_000, most)).toBe(3_600_000);
  });
});
