/** The card fields. They live in a frame of the processor's: no digit of a card ever reaches this page or its server. */
import { part } from './page.js';
import { appearance, fieldsLocale, loadProcessor } from './processor.js';

/**
 * @typedef {object} MountedCard
 * @property {() => void} focus
 * @property {() => Promise<{ id: string } | { mistake: string }>} token an empty mistake: the fields say it themselves
 * @property {(clientSecret: string) => Promise<void>} handleNextAction
 */

/**
 * Puts the card fields into the page.
 * @param {import('./page.js').PageData} data
 * @param {() => void} onUse
 * @returns {Promise<MountedCard | undefined>} nothing where the processor cannot be reached
 */
export async function mountCard(data, onUse) {
  const stripe = await loadProcessor(data);
  if (!stripe || !data.card) return undefined;
  const elements = stripe.elements({
    mode: 'payment',
    amount: data.card.amountMinor,
    currency: data.card.currency,
    paymentMethodCreation: 'manual',
    allowedPaymentMethodTypes: ['card'],
    locale: fieldsLocale(data.card.locale),
    appearance: appearance(),
  });
  const card = elements.create('payment', {
    wallets: { applePay: 'never', googlePay: 'never', link: 'never' },
    layout: { type: 'tabs', defaultCollapsed: false },
    terms: { card: 'never' },
    defaultValues: { billingDetails: { address: { country: data.card.country } } },
  });
  card.on('focus', onUse);
  card.on('change', ({ empty }) => {
    if (!empty) onUse();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    elements.update({ appearance: appearance() });
  });
  const mounted = new Promise((resolve) => {
    card.on('ready', () => resolve(true));
    card.on('loaderror', () => resolve(false));
  });
  card.mount(part('[data-card-mount]'));
  if (!(await mounted)) return undefined;
  return {
    focus: () => card.focus(),
    token: async () => {
      const checked = await elements.submit();
      if (checked.error)
        return { mistake: checked.error.type === 'validation_error' ? '' : (checked.error.message ?? '') };
      const made = await stripe.createConfirmationToken({ elements });
      return made.confirmationToken ? { id: made.confirmationToken.id } : { mistake: made.error.message ?? '' };
    },
    handleNextAction: async (clientSecret) => {
      // However it ended, the server finds out by itself.
      await stripe.handleNextAction({ clientSecret }).catch(() => undefined);
    },
  };
}
