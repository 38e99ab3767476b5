import type pg from 'pg';

const CALL_TRIES = 5;

const SCHEMA = `
DROP TABLE IF EXISTS twilio_stand_in.callbacks;
CREATE TABLE IF NOT EXISTS twilio_stand_in.calls (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  url text NOT NULL,
  parameters jsonb NOT NULL,
  answer_to text,
  tries int NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS calls_due ON twilio_stand_in.calls (due_at, id);`;

/** A request that the provider makes to the service. */
export interface NewCall {
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The text that came in which this call tells of, whose sender gets what is answered; `null` for a status. */
  readonly answerTo: string | null;
  readonly dueAt: Date;
}

export interface OwedCall extends Omit<NewCall, 'dueAt'> {
  readonly id: string;
  readonly tries: number;
}

/** The calls that are still owed to the service. They survive a restart. */
export class OwedCalls {
  constructor(private readonly pool: pg.Pool) {}

  async createSchema(): Promise<void> {
    await this.pool.query(SCHEMA);
  }

  /** Written in a transaction of the caller's. */
  async owe(client: pg.ClientBase, calls: readonly NewCall[]): Promise<void> {
    if (calls.length === 0) return;
    await client.query(
      `INSERT INTO twilio_stand_in.calls (url, parameters, answer_to, due_at)
       SELECT * FROM unnest($1::text[], $2::jsonb[], $3::text[], $4::timestamptz[])`,
      [
        calls.map(({ url }) => url),
        calls.map(({ parameters }) => JSON.stringify(parameters)),
        calls.map(({ answerTo }) => answerTo),
        calls.map(({ dueAt }) => dueAt),
      ],
    );
  }

  async due(now: Date, limit: number): Promise<OwedCall[]> {
    const { rows } = await this.pool.query<OwedCall>(
      `SELECT id, url, parameters, answer_to AS "answerTo", tries FROM twilio_stand_in.calls
       WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2`,
      [now, limit],
    );
    return rows;
  }

  async nextAt(): Promise<Date | undefined> {
    const { rows } = await this.pool.query<{ due: Date | null }>(
      'SELECT min(due_at) AS due FROM twilio_stand_in.calls',
    );
    return rows[0]?.due ?? undefined;
  }

  async settle(client: pg.Pool | pg.ClientBase, calls: readonly OwedCall[]): Promise<void> {
    await client.query('DELETE FROM twilio_stand_in.calls WHERE id = ANY($1::bigint[])', [calls.map(({ id }) => id)]);
  }

  /** Those that were taken are done with; the others are owed again later, and given up after the last try. */
  async conclude(calls: readonly { call: OwedCall; taken: boolean }[], now: Date): Promise<void> {
    const done = calls.filter(({ call, taken }) => taken || call.tries + 1 >= CALL_TRIES);
    if (done.length > 0)
      await this.settle(
        this.pool,
        done.map(({ call }) => call),
      );
    const again = calls.filter((one) => !done.includes(one)).map(({ call }) => call);
    if (again.length === 0) return;
    await this.pool.query(
      `UPDATE twilio_stand_in.calls SET tries = tries + 1, due_at = $2::timestamptz + interval '1 second' * 2 ^ tries
       WHERE id = ANY($1::bigint[])`,
      [again.map(({ id }) => id), now],
    );
  }
}
