/** The form of a fee policy: percentages and money as people write them, and the rules where they bite. */
import type { Request } from 'express';
import type { FeePreview } from '../../../application/branch/preview-fee.js';
import {
  DEFAULT_CONSENT_TEXT,
  DEFAULT_DISCLOSURE_TEXT,
  DEFAULT_FEE_LABEL,
  type FeePolicy,
} from '../../../domain/fees.js';
import { currencyDigits, decimalText } from '../../../domain/money.js';
import { feePolicyInput } from '../../api/schemas/branches.js';
import { moneyWords } from '../portal-formats.js';
import { formText } from '../sign-in/form-text.js';
import { BRANDS, capWords } from './fee-rule-words.js';
import {
  fieldViews,
  mistakesIn,
  readTyped,
  type FieldLook,
  type Mistakes,
  type Read,
  type Typed,
} from './form-fields.js';

const PERCENTAGES = ['rateBps', 'capBps', 'costBps'] as const;
const REQUIRED = new Set(['rateBps', 'capBps']);

function looks(currency: string, live: boolean): readonly FieldLook[] {
  const only = live ? '' : ' May stay empty on test keys.';
  return [
    { name: 'rateBps', label: 'Rate in percent', required: true, max: 6, hint: 'Of the amount paid, like 3 or 2.75.' },
    { name: 'fixedMinor', label: `Fixed part in ${currency}`, max: 12, hint: 'Added to the rate; mostly 0.' },
    { name: 'capBps', label: 'At most, in percent', required: true, max: 6, hint: 'Card brands allow 3 at the most.' },
    {
      ...{ name: 'costBps', label: 'What cards cost you, in percent', max: 6 },
      hint: `A fee is never more than your cost.${live ? ' Needed before a fee is charged.' : only}`,
    },
    { name: 'label', label: 'Name of the fee', max: 60, hint: 'As it stands on the pay page and the receipt.' },
    {
      ...{ name: 'noticeGivenOn', label: 'Notice given on', type: 'date' },
      hint: `When your acquirer and Mastercard were told.${only}`,
    },
    {
      ...{ name: 'effectiveFrom', label: 'Charged from', type: 'date' },
      hint: `Thirty days after the notice or later.${only}`,
    },
    {
      ...{ name: 'disclosureText', label: 'Disclosure', type: 'textarea', rows: 6, max: 1000 },
      hint: 'Shown before the card is entered. {{maxFee}} is the most that it can be.',
    },
    {
      ...{ name: 'consentText', label: 'Consent', type: 'textarea', rows: 2, max: 500 },
      hint: 'Beside the box that the customer ticks. {{fee}} is the exact fee, and has to be there.',
    },
  ];
}

const NAMES = looks('', false).map(({ name }) => name);

export function typedPolicy(policy: Partial<FeePolicy> | undefined, currency: string): Typed {
  const { rateBps = 300, fixedMinor = 0, capBps = 300, costBps } = policy ?? {};
  return {
    enabled: policy?.enabled ? 'yes' : '',
    rateBps: percent(rateBps),
    fixedMinor: decimalText(fixedMinor, currency),
    capBps: percent(capBps),
    costBps: costBps === undefined ? '' : percent(costBps),
    label: policy?.label ?? DEFAULT_FEE_LABEL,
    noticeGivenOn: policy?.noticeGivenOn ?? '',
    effectiveFrom: policy?.effectiveFrom ?? '',
    disclosureText: policy?.disclosureText ?? DEFAULT_DISCLOSURE_TEXT,
    consentText: policy?.consentText ?? DEFAULT_CONSENT_TEXT,
  };
}

export function readFeeForm(request: Request): Typed {
  return { ...readTyped(request, NAMES), enabled: formText(request, 'enabled') === 'yes' ? 'yes' : '' };
}

/** What was typed as a policy; texts that were left empty are the default ones. */
export function policyOf(typed: Typed, currency: string): Read<FeePolicy> {
  const mistakes: Record<string, string> = {};
  const numbers: Record<string, number> = {};
  for (const name of PERCENTAGES) {
    const text = (typed[name] ?? '').trim().replace(/\s*%$/, '');
    if (text === '' && !REQUIRED.has(name)) continue;
    const hundredths = inSmallest(text, 2);
    if (hundredths === undefined || hundredths > 10_000) mistakes[name] = 'Give a percentage like 3 or 2.75.';
    else numbers[name] = hundredths;
  }
  const fixed = inSmallest((typed['fixedMinor'] ?? '').trim() || '0', currencyDigits(currency));
  if (fixed === undefined) mistakes['fixedMinor'] = `Give an amount in ${currency}, like ${decimalText(30, currency)}.`;
  const texts = Object.fromEntries(
    ['label', 'noticeGivenOn', 'effectiveFrom', 'disclosureText', 'consentText']
      .map((name): [string, string] => [name, (typed[name] ?? '').trim()])
      .filter(([, text]) => text !== ''),
  );
  const body = { enabled: typed['enabled'] === 'yes', rateBps: 0, fixed: fixed ?? 0, ...numbers, ...texts };
  const result = feePolicyInput.safeParse(body);
  if (!result.success) return { mistakes: { ...mistakesIn(result.error, formName), ...mistakes } };
  if (Object.keys(mistakes).length > 0) return { mistakes };
  const { fixed: fixedMinor, ...policy } = result.data;
  const defaults = {
    label: DEFAULT_FEE_LABEL,
    consentText: DEFAULT_CONSENT_TEXT,
    disclosureText: DEFAULT_DISCLOSURE_TEXT,
  };
  return { value: { ...defaults, ...policy, fixedMinor } as FeePolicy };
}

function formName(path: string): string {
  return path === 'fixed' ? 'fixedMinor' : path.split('.')[0]!;
}

/** `2.75` with two decimals is 275; nothing where it is no such number. */
function inSmallest(text: string, digits: number): number | undefined {
  const match = /^(\d{1,7})(?:[.,](\d+))?$/.exec(text);
  const fraction = match?.[2] ?? '';
  return match && fraction.length <= digits ? Number(match[1]! + fraction.padEnd(digits, '0')) : undefined;
}

function percent(bps: number): string {
  return String(bps / 100);
}

export function feeFieldsView(
  typed: Typed,
  mistakes: Mistakes,
  branch: { readonly currency: string; readonly live: boolean },
): object {
  return {
    enabled: typed['enabled'] === 'yes',
    enabledMistake: mistakes['enabled'] ?? mistakes['fundings'],
    fields: fieldViews(looks(branch.currency, branch.live), typed, mistakes),
  };
}

/** `On $405.94: $12.17, total $418.11`, for each card where they differ. */
export function feePreviewView(
  preview: FeePreview | undefined,
  place: { readonly country: string; readonly region?: string },
): object {
  if (!preview) return { lines: [], caps: [] };
  const { amountMinor, currency, cards, isRounding } = preview;
  const same = cards.every(({ feeMinor }) => feeMinor === cards[0]!.feeMinor);
  const shown = same ? cards.slice(0, 1) : cards;
  const caps = new Set(
    (isRounding ? [] : cards).flatMap(({ rules, capBps, feeMinor }) =>
      rules.map((rule) => capWords(rule, capBps, feeMinor, place)),
    ),
  );
  return {
    lines: shown.map(({ brand, feeMinor }) => {
      const on = same ? 'any credit card' : BRANDS[brand];
      const amount = moneyWords(amountMinor, currency);
      return feeMinor === 0
        ? `On ${amount} by ${on}: no fee, total ${amount}`
        : `On ${amount} by ${on}: ${moneyWords(feeMinor, currency)}, total ${moneyWords(amountMinor + feeMinor, currency)}`;
    }),
    caps: [...caps],
  };
}
