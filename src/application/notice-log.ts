import type { ProcessorNotice } from './ports.js';

/** Which notices of the card processor have come and were dealt with. Of a notice only ids and its type are kept. */
export abstract class NoticeLog {
  /**
   * Keeps the notice, durably. Answers false where it was dealt with before; one that came before and was not finished
   * (the process was killed, say) is dealt with again.
   */
  abstract begin(notice: Pick<ProcessorNotice, 'eventId' | 'type' | 'objectId'>): Promise<boolean>;
  /** Marks the notice as dealt with. */
  abstract finish(eventId: string): Promise<void>;
}
