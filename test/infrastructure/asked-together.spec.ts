import { describe, expect, it } from '@jest/globals';
import { AskedTogether } from '../../src/infrastructure/postgres/asked-together.js';

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Rows are the ids in capitals; `b` has none; a question is answered when the test says so. */
function setUp() {
  const questions: (readonly string[])[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const together = new AskedTogether<string>(async (ids) => {
    questions.push(ids);
    await new Promise<void>((answer, fail) => answers.push((error) => (error ? fail(error) : answer())));
    return new Map(ids.filter((id) => id !== 'b').map((id) => [id, id.toUpperCase()]));
  });
  const next = async (error?: Error): Promise<void> => {
    answers.shift()!(error);
    await turn();
  };
  return { together, questions, next };
}

describe('questions that are asked together', () => {
  it('are those that come while one is under way, each id once', async () => {
    const { together, questions, next } = setUp();
    const all = [together.rows(['a']), together.rows(['b', 'c']), together.rows(['c', 'd'])];
    await next();
    await next();
    const [first, second, third] = await Promise.all(all);
    expect(questions).toEqual([['a'], ['b', 'c', 'd']]);
    expect([first!.get('a'), second!.get('b'), second!.get('c'), third!.get('d')]).toEqual(['A', undefined, 'C', 'D']);
    const later = together.rows(['a']);
    await next();
    expect((await later).get('a')).toBe('A');
    expect(questions).toHaveLength(3);
  });

  it('fail for those whom they were asked for, and for nobody else', async () => {
    const { together, next } = setUp();
    const failed = Promise.allSettled([together.rows(['a'])]);
    const later = together.rows(['c']);
    await next(new Error('away'));
    expect((await failed)[0]).toMatchObject({ status: 'rejected' });
    await next();
    expect((await later).get('c')).toBe('C');
  });
});
