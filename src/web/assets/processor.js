/** The card processor's script, and how its form is to look. */

const MOST_WAIT_MS = 20_000;

/**
 * The processor's library, once its script has come; `undefined` where it does not come.
 * @param {import('./page.js').PageData} data
 * @returns {Promise<import('@stripe/stripe-js').Stripe | undefined>}
 */
export async function loadProcessor(data) {
  if (!data.card) return undefined;
  const deadline = performance.now() + MOST_WAIT_MS;
  while (typeof window.Stripe !== 'function') {
    if (performance.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { publishableKey, connectedAccount } = data.card;
  return window.Stripe(publishableKey, connectedAccount === undefined ? {} : { stripeAccount: connectedAccount });
}

/** The language of the fields. @param {string} locale @returns {import('@stripe/stripe-js').StripeElementLocale} */
export function fieldsLocale(locale) {
  return /** @type {import('@stripe/stripe-js').StripeElementLocale} */ (locale.split('-')[0] ?? 'auto');
}

/**
 * The page's own colours and shapes, as they are in the present mode, for the fields inside the processor's frame.
 * @returns {import('@stripe/stripe-js').Appearance}
 */
export function appearance() {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const root = getComputedStyle(document.documentElement);
  const probe = document.createElement('span');
  document.body.append(probe);
  /** @param {string} token */
  const colour = (token) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const variables = {
    colorPrimary: colour('accent'),
    colorBackground: colour('raised'),
    colorText: colour('ink'),
    colorTextSecondary: colour('muted'),
    colorTextPlaceholder: colour('muted'),
    colorDanger: colour('bad'),
    fontFamily: root.getPropertyValue('--font').trim(),
    fontSizeBase: root.getPropertyValue('--text-2').trim(),
    borderRadius: root.getPropertyValue('--radius-small').trim(),
    spacingUnit: '4px',
  };
  probe.remove();
  return { theme: dark ? 'night' : 'stripe', variables };
}
