import { EventStoreUnavailable } from '../../../application/ports.js';

/** Something outside is away: the same work is tried again, and no event is to blame. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure';
}

/** The log does not have the event that a checkpoint stands on: it is not the log that the checkpoint was made from. */
export class CheckpointAhead extends Error {
  override readonly name = 'CheckpointAhead';
  constructor(member: string, event: { readonly position: bigint; readonly id: string; readonly stream: string }) {
    super(
      `"${member}" has read the event store up to event ${event.id} of ${event.stream} (position ${event.position}), which ` +
        'is not in the event store. It was probably restored from an older backup, or EVENTSTORE_URL names another one. ' +
        'If this event store is the right one, stop the service and run: npm run rebuild',
    );
  }
}

/**
 * Classes of SQLSTATE that say nothing about the data: connection, resources, transactions that met, the operator, the
 * system. Class 42 (a table or column that is not there) means that program and tables do not fit: no event is to blame.
 */
const PASSING_CLASSES = new Set(['08', '25', '40', '42', '53', '55', '57', '58', 'XX']);
const SQLSTATE = /^[0-9A-Z]{5}$/;
const NETWORK_CODE = /^E[A-Z]{3,}$/;

/** True where trying again may help; false where the events at hand are what is wrong. */
export function isPassing(error: unknown): boolean {
  if (error instanceof PassingFailure || error instanceof EventStoreUnavailable) return true;
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && NETWORK_CODE.test(code)) return true;
  if (typeof code === 'string' && SQLSTATE.test(code)) return PASSING_CLASSES.has(code.slice(0, 2));
  // What `pg` throws of its own when a connection drops has no code.
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed)/.test(
    error.message,
  );
}
