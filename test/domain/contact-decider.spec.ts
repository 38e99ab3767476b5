import { describe, it, expect } from '@jest/globals';
import { contactDecider } from '../../src/domain/contact/decider.js';
import type { ContactEvent } from '../../src/domain/contact/events.js';
import { keywordOf } from '../../src/domain/contact/keywords.js';
import { given, nothing, refused } from '../support/given.js';

const at = '2026-11-20T12:00:00.000Z';
const later = '2026-11-20T13:00:00.000Z';
const consent = {
  type: 'ContactTextConsentRecorded',
  data: { how: 'api', branchId: 'b', at },
} as const satisfies ContactEvent;
const out = {
  type: 'ContactOptedOut',
  data: { channel: 'sms', source: 'keyword', at },
} as const satisfies ContactEvent;
const back = {
  type: 'ContactOptedIn',
  data: { channel: 'sms', source: 'keyword', at },
} as const satisfies ContactEvent;
const unreachable = {
  type: 'ContactUnreachable',
  data: { channel: 'sms', code: '30003', reason: 'Twilio 30003', at },
} as const satisfies ContactEvent;

const contact = (...events: readonly ContactEvent[]) => given(contactDecider, events);

describe('a contact', () => {
  it('agrees to texts once', () => {
    contact().when({ type: 'RecordTextConsent', data: consent.data }).then([consent]);
    contact(consent).when({ type: 'RecordTextConsent', data: consent.data }).then(nothing);
  });

  it('that opted out is not agreed for by anybody', () => {
    contact(consent, out).when({ type: 'RecordTextConsent', data: consent.data }).then(refused('contact_opted_out'));
  });

  it('opts out once, whoever says so first', () => {
    contact(consent).when({ type: 'OptOut', data: out.data }).then([out]);
    contact(out)
      .when({ type: 'OptOut', data: { ...out.data, source: 'carrier' } })
      .then(nothing);
  });

  it('opts in by its own word, which is consent too', () => {
    contact(out).when({ type: 'OptIn', data: back.data }).then([back]);
    contact().when({ type: 'OptIn', data: back.data }).then([back]);
    contact(out, back).when({ type: 'OptIn', data: back.data }).then(nothing);
    contact(out, back).when({ type: 'RecordTextConsent', data: consent.data }).then(nothing);
    contact(out, back).when({ type: 'OptOut', data: out.data }).then([out]);
  });

  it('is unreachable by news, not by the same news again', () => {
    contact().when({ type: 'RecordUnreachable', data: unreachable.data }).then([unreachable]);
    contact(unreachable).when({ type: 'RecordUnreachable', data: unreachable.data }).then(nothing);
    const again = { ...unreachable, data: { ...unreachable.data, at: later } };
    contact(unreachable).when({ type: 'RecordUnreachable', data: again.data }).then([again]);
    contact(again).when({ type: 'RecordUnreachable', data: unreachable.data }).then(nothing);
  });
});

describe('a keyword', () => {
  it.each([
    ...['STOP', 'stopall', ' Unsubscribe ', 'cancel.', 'END', 'Quit!', '"revoke"', 'OptOut', 'opt out', 'STOP ALL'].map(
      (text) => [text, 'opt_out'] as const,
    ),
    ...['START', 'unstop', 'Yes.'].map((text) => [text, 'opt_in'] as const),
    ...['HELP', 'info?'].map((text) => [text, 'help'] as const),
    ...['', 'Please stop', 'I will pay on Friday', 'STOP sending', 'yes please'].map(
      (text) => [text, undefined] as const,
    ),
  ])('"%s" is %s', (text, keyword) => expect(keywordOf(text)).toBe(keyword));
});
