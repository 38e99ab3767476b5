/** How many messages go out, how quickly and when. Every variable has a default. */
import type { z } from 'zod';
import { plainText } from './config-values.js';

const count = (most: number) => {
  const digits = String(most).length;
  return plainText(`must be a whole number from 1 to ${most}`, new RegExp(`^[1-9]\\d{0,${digits - 1}}$`));
};

const TIME = '([01]\\d|2[0-3]):[0-5]\\d';

export const messageVariables = {
  EMAILS_PER_SECOND: count(10_000).default('20'),
  TEXTS_PER_SECOND: count(10_000).default('10'),
  TEXTS_PER_NUMBER_A_DAY: count(1_000_000).default('5'),
  MESSAGES_PER_INVOICE_A_DAY: count(1_000_000).default('10'),
  MESSAGES_PER_STAFF_AN_HOUR: count(1_000_000).default('200'),
  TEXT_SEGMENTS_PER_DAY: count(100_000_000).default('50000'),
  QUIET_HOURS: plainText('must be two times like 21:00-08:00, or none', new RegExp(`^(none|${TIME}-${TIME})$`)).default(
    '21:00-08:00',
  ),
};

type Values = { readonly [Name in keyof typeof messageVariables]: z.output<(typeof messageVariables)[Name]> };

/** Nobody is reached by stand-ins: tests and tours must not run into limits there. */
const STAND_IN_FACTOR = 100;

/** Names of our own for the variables. With stand-ins the defaults are wider; a number that was set holds as it is. */
export function messageConfig(values: Values, isSet: (name: keyof Values) => boolean, withStandIns: boolean) {
  const number = (name: keyof Values): number =>
    Number(values[name]) * (withStandIns && !isSet(name) ? STAND_IN_FACTOR : 1);
  const [from, to] = values.QUIET_HOURS === 'none' ? ['00:00', '00:00'] : values.QUIET_HOURS.split('-');
  return {
    emailsPerSecond: number('EMAILS_PER_SECOND'),
    textsPerSecond: number('TEXTS_PER_SECOND'),
    caps: {
      numberPerDay: number('TEXTS_PER_NUMBER_A_DAY'),
      invoicePerDay: number('MESSAGES_PER_INVOICE_A_DAY'),
      staffPerHour: number('MESSAGES_PER_STAFF_AN_HOUR'),
    },
    textSegmentsPerDay: number('TEXT_SEGMENTS_PER_DAY'),
    quietHours: { from: from!, to: to! },
  };
}
