/** How a customer's page shows them. */
import type { CustomerView } from '../../../application/customer/customer-view.js';
import type { PillView } from '../pills.js';
import { moment, type MomentView } from '../portal-formats.js';

const CONSENT_WORDS = {
  staff: 'Staff vouched for it.',
  api: 'Your systems vouched for it.',
  keyword: 'The customer texted START.',
} as const;

const OPT_OUT_WORDS = {
  keyword: 'The customer texted STOP',
  carrier: 'The provider of texts reports that the customer asked for none',
  staff: 'The customer told staff that they want no texts',
} as const;

export interface TextsPanel {
  readonly state: 'no_telephone' | 'not_reached' | 'opted_out' | 'agreed' | 'not_asked';
  readonly pill: PillView | undefined;
  readonly words: string;
  readonly when: MomentView | undefined;
  /** What can be done about it. */
  readonly canAgree: boolean;
  readonly canOptOut: boolean;
}

const GOOD = { tone: 'good', shape: 'M5 12.5l4.5 4.5L19 7.5' } as const;
const BAD = { tone: 'bad', shape: 'M6 6l12 12M18 6L6 18' } as const;
const CALM = { tone: 'calm', shape: 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16' } as const;

export function textsPanel({ texts, branch }: CustomerView, now: Date): TextsPanel {
  const none = { when: undefined, canAgree: false, canOptOut: false };
  if (!texts) {
    return { ...none, state: 'no_telephone', pill: undefined, words: 'There is no telephone to text.' };
  }
  const at = (iso: string) => moment(iso, branch.timeZone, now);
  const { optedOut, consent, canBeTexted } = texts;
  if (optedOut) {
    const words = `${OPT_OUT_WORDS[optedOut.source]}. Nobody can override it; to get texts again, ask the customer to ${optedOut.say}.`;
    return { ...none, state: 'opted_out', pill: { word: 'No texts', ...BAD }, words, when: at(optedOut.at) };
  }
  if (!canBeTexted) {
    const words = 'Texts do not go to the country of this telephone. Send emails, or have the country added.';
    return { ...none, state: 'not_reached', pill: { word: 'Cannot be texted', ...CALM }, words };
  }
  if (consent) {
    const pill = { word: 'Agreed to texts', ...GOOD };
    return {
      state: 'agreed',
      pill,
      words: CONSENT_WORDS[consent.how],
      when: at(consent.at),
      canAgree: false,
      canOptOut: true,
    };
  }
  const words = 'Nobody has said yet that the customer agreed to texts. It is asked before the first one.';
  return {
    state: 'not_asked',
    pill: { word: 'Not asked', ...CALM },
    words,
    when: undefined,
    canAgree: true,
    canOptOut: true,
  };
}

/** Addresses that the last message did not reach. */
export function unreachableWords({ unreachable, branch }: CustomerView, now: Date): readonly string[] {
  return unreachable.map(({ channel, at }) => {
    const when = moment(at, branch.timeZone, now).relative;
    return channel === 'email'
      ? `A message to the email address came back ${when}. Ask the customer for another one.`
      : `A text to the telephone could not be delivered ${when}. Ask the customer for another number.`;
  });
}
