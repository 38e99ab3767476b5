interface Waiting<Row> {
  readonly ids: readonly string[];
  readonly answer: (rows: ReadonlyMap<string, Row>) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Asks one question after the other: what many want to know while one is under way goes into the next, as one question. It is asked
 * after they wanted to know, so nobody is told what is old; where it fails, it fails for all whom it was asked for.
 */
export class AskedTogether<Row> {
  private waiting: Waiting<Row>[] = [];
  private isAsking = false;

  /** @param ask gets each id once, and answers the rows that there are */
  constructor(private readonly ask: (ids: readonly string[]) => Promise<ReadonlyMap<string, Row>>) {}

  /** The rows of these ids, and perhaps of others. */
  rows(ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return new Promise((answer, fail) => {
      this.waiting.push({ ids, answer, fail });
      if (!this.isAsking) void this.askAll();
    });
  }

  private async askAll(): Promise<void> {
    this.isAsking = true;
    while (this.waiting.length > 0) {
      const asking = this.waiting;
      this.waiting = [];
      try {
        const rows = await this.ask([...new Set(asking.flatMap(({ ids }) => ids))]);
        for (const { answer } of asking) answer(rows);
      } catch (error) {
        for (const { fail } of asking) fail(error);
      }
    }
    this.isAsking = false;
  }
}
