import { ReminderPlan, type RemindingBranch } from '../../application/jobs/remind.js';
import type { ReminderQueries } from '../../projections/reminder-settings.js';
import type { Sql } from '../../projections/sql.js';

/** The read model of reminders, and beside it which days are done with. */
export class PgReminderPlan extends ReminderPlan {
  constructor(
    private readonly queries: ReminderQueries,
    private readonly sql: Sql,
  ) {
    super();
  }

  override branches(): Promise<readonly RemindingBranch[]> {
    return this.queries.branches();
  }

  override owing(wanted: Parameters<ReminderPlan['owing']>[0]): Promise<readonly string[]> {
    return this.queries.owing(wanted);
  }

  override async isDone(branchId: string, onDate: string, dueOn: string): Promise<boolean> {
    const found = await this.sql.query(
      'SELECT 1 FROM reminder_runs WHERE branch_id = $1 AND on_date = $2::date AND due_on = $3::date',
      [branchId, onDate, dueOn],
    );
    return found.length > 0;
  }

  /** A day that is done with is of no use a month later. */
  override async setDone(branchId: string, onDate: string, dueOn: string): Promise<void> {
    await this.sql.query(
      `INSERT INTO reminder_runs (branch_id, on_date, due_on) VALUES ($1, $2::date, $3::date) ON CONFLICT DO NOTHING`,
      [branchId, onDate, dueOn],
    );
    await this.sql.query(`DELETE FROM reminder_runs WHERE branch_id = $1 AND on_date < $2::date - 31`, [
      branchId,
      onDate,
    ]);
  }
}
