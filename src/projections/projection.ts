/** What a read model is made of: tables, and for each event of its streams a change to their rows, or `'ignored'`. */
import type { DomainEvent, RecordedEvent } from '../domain/decider.js';
import type { Sql } from './sql.js';
import { loadRows, saveRows, type Table } from './table.js';

/** A read model as its runner sees it. */
export interface Projection {
  /** Stored beside the checkpoint; never changes. */
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  /** What a rebuild empties. */
  readonly tableNames: readonly string[];
  /**
   * Folds a batch, in the order of the log, into the tables. An event that was folded in before changes nothing.
   * @throws where an event contradicts what the rows say; nothing must be committed then.
   */
  apply(events: readonly RecordedEvent[], sql: Sql): Promise<void>;
}

/** A row remembers the revision of the last event that changed it: this is what makes a repeat harmless. */
export interface ProjectedRow {
  readonly revision: string;
}

/** The rows of one table that a batch touches. */
export interface Rows<Row extends ProjectedRow> {
  find(key: string): Row | undefined;
  /** Puts a new row in; nothing happens where the event was folded in before. */
  insert(row: Row): void;
  /**
   * Changes a row by an event of this revision; nothing happens where the event was folded in before.
   * @throws where there is no such row: an earlier event of the stream is missing.
   */
  update(key: string, revision: bigint, change: (row: Row) => Partial<Omit<Row, 'revision'>>): void;
  /** As `update`, of a row that may not be there yet: `first` is what it begins as. */
  upsert(key: string, revision: bigint, first: Row, change: (row: Row) => Partial<Omit<Row, 'revision'>>): void;
}

/** Which row of a table an event is about; `undefined` for none. */
type KeyOf<Event extends DomainEvent> = (recorded: RecordedEvent<Event>) => string | undefined;

/** Written out of a mapped type so that the compiler names the event that was forgotten. */
export type Handlers<Event extends DomainEvent, Tables> = {
  readonly [Type in Event['type']]:
    'ignored' | ((rows: RowsOf<Tables>, recorded: RecordedEvent<Extract<Event, { type: Type }>>) => void);
};

type RowsOf<Tables> = {
  readonly [Name in keyof Tables]: Tables[Name] extends { table: Table<infer Row extends ProjectedRow> }
    ? Rows<Row>
    : never;
};

type TablesOf<Event extends DomainEvent> = Readonly<Record<string, { table: AnyTable; keyOf: KeyOf<Event> }>>;
// A table is both read and written through its row type, so only `any` stands for "a table of whatever rows".
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyTable = Table<any>;

/**
 * Makes a projection of one kind of stream. For each batch the rows that its events are about are read at once, changed in
 * memory event by event, and written back with one statement a table: the cost of a batch hardly depends on its size.
 */
export function projectionOf<Event extends DomainEvent>() {
  return <const Tables extends TablesOf<Event>>(definition: Definition<Event, Tables>): Projection =>
    new BatchProjection(definition);
}

interface Definition<Event extends DomainEvent, Tables extends TablesOf<Event>> {
  readonly name: string;
  /** Several where a read model needs to know something of another kind of stream. */
  readonly streamPrefix: string | readonly string[];
  readonly tables: Tables;
  readonly handlers: Handlers<Event, NoInfer<Tables>>;
}

/** What the mapped type of `Handlers` has checked, as it is called. */
type UntypedHandler = (rows: object, recorded: RecordedEvent) => void;

class BatchProjection<Event extends DomainEvent, Tables extends TablesOf<Event>> implements Projection {
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  readonly tableNames: readonly string[];
  private readonly parts: readonly (readonly [name: string, table: Table<ProjectedRow>, keyOf: KeyOf<Event>])[];
  private readonly handlers: ReadonlyMap<string, 'ignored' | UntypedHandler>;

  constructor(definition: Definition<Event, Tables>) {
    this.name = definition.name;
    this.streamPrefixes = [definition.streamPrefix].flat();
    this.parts = Object.entries(definition.tables).map(
      ([name, { table, keyOf }]) => [name, table as Table<ProjectedRow>, keyOf] as const,
    );
    this.tableNames = this.parts.map(([, table]) => table.name);
    this.handlers = new Map(Object.entries(definition.handlers) as [string, 'ignored' | UntypedHandler][]);
  }

  async apply(events: readonly RecordedEvent[], sql: Sql): Promise<void> {
    const wanted = events.filter(({ event }) => this.handlers.get(event.type) !== 'ignored') as RecordedEvent<Event>[];
    if (wanted.length === 0) return;
    const sets: [name: string, table: Table<ProjectedRow>, set: RowSet<ProjectedRow>][] = [];
    for (const [name, table, keyOf] of this.parts) {
      const keys = new Set(wanted.map((recorded) => keyOf(recorded)).filter((key) => key !== undefined));
      sets.push([name, table, new RowSet(table, await loadRows(sql, table, [...keys]))]);
    }
    const rows = Object.fromEntries(sets.map(([name, , set]) => [name, set]));
    for (const recorded of wanted) {
      const handler = this.handlers.get(recorded.event.type);
      if (typeof handler !== 'function') {
        throw new Error(`${this.name} does not know the event ${recorded.event.type}`);
      }
      handler(rows, recorded);
    }
    for (const [, table, set] of sets) await saveRows(sql, table, set.changed());
  }
}

class RowSet<Row extends ProjectedRow> implements Rows<Row> {
  private readonly dirty = new Set<string>();

  constructor(
    private readonly table: Table<Row>,
    private readonly rows: Map<string, Row>,
  ) {}

  find(key: string): Row | undefined {
    return this.rows.get(key);
  }

  insert(row: Row): void {
    const key = String(row[this.table.key]);
    const present = this.rows.get(key);
    if (present && BigInt(present.revision) >= BigInt(row.revision)) return;
    if (present) throw new Error(`${this.table.name} has a row ${key} already`);
    this.put(key, row);
  }

  update(key: string, revision: bigint, change: (row: Row) => Partial<Omit<Row, 'revision'>>): void {
    const present = this.rows.get(key);
    if (!present) throw new Error(`${this.table.name} has no row ${key}`);
    if (BigInt(present.revision) >= revision) return;
    this.put(key, { ...present, ...change(present), revision: String(revision) });
  }

  upsert(key: string, revision: bigint, first: Row, change: (row: Row) => Partial<Omit<Row, 'revision'>>): void {
    if (this.rows.has(key)) this.update(key, revision, change);
    else this.put(key, { ...first, ...change(first), revision: String(revision) });
  }

  changed(): readonly Row[] {
    return [...this.dirty].map((key) => this.rows.get(key)!);
  }

  private put(key: string, row: Row): void {
    this.rows.set(key, row);
    this.dirty.add(key);
  }
}

/** The id after the prefix of a stream's name. */
export function idOfStream(stream: string, prefix: string): string {
  return stream.slice(prefix.length);
}
