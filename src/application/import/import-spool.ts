/** Keeps an uploaded file until it has been read, and what was found wrong with it for as long as the job. */
import type { NewLongJob } from '../long-jobs/long-jobs.js';
import type { ImportProgress } from './import-progress.js';

/** What is wrong with a line. */
export interface ImportProblem {
  /** The first line of the file is 1. */
  readonly line: number;
  /** Tells problems of one line apart. */
  readonly ordinal: number;
  readonly number: string | undefined;
  /** A column, or a path as in the body of one invoice; empty for the whole line. */
  readonly field: string;
  readonly code: string;
  /** In words, where the code does not say it all. */
  readonly reason: string | undefined;
}

/** What is known of a file once all of it is here. */
export interface FileSummary {
  readonly lines: number;
  /** SHA-256 of its bytes, lower-case hex. */
  readonly digest: string;
}

export abstract class ImportSpool {
  /**
   * Opens a job that receives a file. `known`: there is one of this id, whole already. `busy`: it is being received at this very
   * moment. An upload that has been silent for a minute has broken off, and the new one takes its place. `too_many`: the one who asks
   * has as many files that arrive or wait to be read as are kept of one.
   */
  abstract open(job: NewLongJob): Promise<'opened' | 'known' | 'busy' | 'too_many'>;
  abstract append(jobId: string, ordinal: number, bytes: Buffer): Promise<void>;
  /** The file is whole: from here on the job is done, whatever is killed. */
  abstract close(jobId: string, summary: FileSummary): Promise<void>;
  /** Forgets an upload that broke off. */
  abstract abandon(jobId: string): Promise<void>;
  /** Forgets uploads that broke off an hour ago and more, without anybody left to notice. */
  abstract abandonForgotten(): Promise<void>;
  /** The file, piece by piece. */
  abstract chunks(jobId: string): AsyncIterable<Buffer>;
  /** What was done with a part of the file, in one write. */
  abstract record(jobId: string, progress: ImportProgress, problems: readonly ImportProblem[]): Promise<void>;
  /** Forgets the file, which holds names and addresses, once it has been read. */
  abstract discard(jobId: string): Promise<void>;
  abstract problems(
    jobId: string,
    after: { readonly line: number; readonly ordinal: number },
    limit: number,
  ): Promise<readonly ImportProblem[]>;
}
