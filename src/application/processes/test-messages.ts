/**
 * A message that staff want to see as it arrives is sent. The sweep does not ask for it again: whoever waits for it before a
 * screen has pressed the button again long before.
 */
import type { BranchEvent } from '../../domain/branch/events.js';
import { SEND_TEST_MESSAGE } from '../jobs/job-names.js';
import type { Process } from './process.js';

export const testMessages: Process = {
  name: 'test-messages',
  streamPrefixes: ['branch-'],
  react({ id, event, stream }) {
    const { type, data } = event as BranchEvent;
    if (type !== 'TestMessageRequested') return [];
    const payload = { branchId: stream.slice('branch-'.length), requestId: data.requestId, cause: id };
    return [{ kind: 'job', job: { name: SEND_TEST_MESSAGE, id: `${SEND_TEST_MESSAGE}-${id}`, payload, delayMs: 0 } }];
  },
};
