/** How one part of the service is. */
export interface HealthReport {
  /** `starting` and `down` take the service out of rotation; `degraded` is told and nothing more. */
  readonly state: 'ok' | 'starting' | 'degraded' | 'down';
  /** In plain words, for whoever looks. Nothing secret: probes are public. */
  readonly reason?: string;
}

/** One part that can be asked how it is. */
export interface HealthSource {
  /** `postgres`, `event-store`, `read-models`, `demo-data`, … */
  readonly name: string;
  /** Must answer soon; a source that throws or takes longer than two seconds counts as down. */
  check(): Promise<HealthReport>;
}

/** The parts that readiness is judged by. Filled in where the service is wired. */
export abstract class HealthSources {
  abstract readonly sources: readonly HealthSource[];
}

/** What one consumer of the log is at. */
export interface ConsumerFigures {
  readonly consumer: string;
  readonly member: string;
  /** Seconds between the newest event of the log and the newest that was taken in. */
  readonly lagSeconds: number;
  readonly parkedEvents: number;
}

/** What operators watch beside the requests. Filled in where the service is wired. */
export abstract class OperationalFigures {
  abstract consumers(): Promise<readonly ConsumerFigures[]>;
  /** Jobs that are tried no more and wait for a person. */
  abstract deadJobs(): Promise<number>;
  /** Texts that came from numbers which were never texted. */
  abstract textsFromStrangers(): Promise<number>;
}
