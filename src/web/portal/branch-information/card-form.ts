/** The form in which a branch chooses on which account it charges cards. */
import type { PartFields } from '../../../application/branch/branch-parts.js';
import type { BranchView } from '../../../application/branch/branch-view.js';
import { fieldViews, type FieldLook, type FieldView, type Mistakes, type Typed } from './form-fields.js';

type Mode = NonNullable<BranchView['cardProcessing']>['mode'];

const SECRET: FieldLook = {
  ...{ name: 'secretKey', label: 'Secret key', type: 'password', max: 255 },
  hint: 'Of Stripe (sk_…), or a restricted one (rk_…). It is tried, kept encrypted, and never shown again.',
};
const PUBLISHABLE: FieldLook = {
  ...{ name: 'publishableKey', label: 'Publishable key', max: 255 },
  hint: 'Of the same account (pk_…).',
};
const ACCOUNT: FieldLook = {
  ...{ name: 'account', label: 'Account', max: 70 },
  hint: 'The id that Stripe shows for it (acct_…).',
};
/** What is typed and may be shown again; the secret key is not among it. */
const SHOWN = ['mode', 'publishableKey', 'account'] as const;
export const CARD_FIELDS = [...SHOWN, 'secretKey'] as const;

interface ModeView {
  readonly mode: Mode;
  readonly label: string;
  readonly says: string;
  readonly checked: boolean;
  readonly fields: readonly FieldView[];
}

/** The form as the branch is set up now. */
export function typedProcessing({ cardProcessing }: BranchView): Typed {
  switch (cardProcessing?.mode) {
    case undefined:
    case 'platform':
      return { mode: 'platform' };
    case 'keys':
      return { mode: cardProcessing.mode, publishableKey: cardProcessing.publishableKey };
    case 'connect':
      return { mode: cardProcessing.mode, account: cardProcessing.accountId };
  }
}

/** The same of the fields of the branch's part. */
export function typedFields(fields: PartFields): Typed {
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  return { mode: text('mode'), publishableKey: text('publishableKey'), account: text('account') };
}

/** What the schema of the API is to check: of the fields those of the chosen way. */
export function givenProcessing(typed: Typed): Typed {
  const { mode = '', secretKey = '', publishableKey = '', account = '' } = typed;
  switch (mode) {
    case 'keys':
      return { mode, secretKey, publishableKey };
    case 'connect':
      return { mode, account };
    default:
      return { mode };
  }
}

export function modesView(branch: BranchView, typed: Typed, mistakes: Mistakes): readonly ModeView[] {
  const { cardProcessing } = branch;
  const shown = Object.fromEntries(SHOWN.map((name) => [name, typed[name] ?? '']));
  const kept = cardProcessing?.mode === 'keys' ? ` The one in use ends in ${cardProcessing.secretEndsWith}.` : '';
  const looks = [{ ...SECRET, hint: `${SECRET.hint}${kept}` }, PUBLISHABLE, ACCOUNT];
  const fields = fieldViews(looks, shown, mistakes);
  const checked = (mode: Mode): boolean => typed['mode'] === mode;
  return [
    {
      ...{ mode: 'platform', label: "The service's account", checked: checked('platform'), fields: [] },
      says: 'Money of every branch that chooses this comes to one account at Stripe.',
    },
    {
      ...{ mode: 'keys', label: "The branch's own account, by its keys", checked: checked('keys') },
      says: 'An account at Stripe that this service has nothing to do with otherwise.',
      fields: [fields['secretKey']!, fields['publishableKey']!],
    },
    {
      ...{
        mode: 'connect',
        label: "The branch's own account, connected to the service's",
        checked: checked('connect'),
      },
      says: 'An account that has been connected by Stripe Connect. No key is needed.',
      fields: [fields['account']!],
    },
  ];
}

/** What is in use, in words. */
export function cardFacts({ cardProcessing }: BranchView): object {
  switch (cardProcessing?.mode) {
    case undefined:
    case 'platform':
      return { account: "The service's own, at Stripe", notices: undefined };
    case 'keys': {
      const { secretEndsWith, webhookEndpointId } = cardProcessing;
      const account = `The branch's own, at Stripe, by its key that ends in ${secretEndsWith}`;
      return { account, notices: noticesWords(webhookEndpointId) };
    }
    case 'connect': {
      const { accountId, webhookEndpointId } = cardProcessing;
      return { account: `The branch's own, at Stripe: ${accountId}`, notices: noticesWords(webhookEndpointId) };
    }
  }
}

function noticesWords(endpointId: string | undefined): string {
  return endpointId === undefined
    ? 'No endpoint is registered. Payments are settled without, a little later where the customer leaves the page.'
    : `Stripe tells of payments at once (${endpointId}).`;
}
