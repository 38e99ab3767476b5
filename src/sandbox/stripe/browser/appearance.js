// @ts-check
/**
 * The appearance that a page asks for (`elements({ appearance })`), put on the form through the CSSOM: the frame's policy
 * allows no inline styles either.
 *
 * @typedef {import('@stripe/stripe-js').Appearance} Appearance
 */

const THEMES = {
  stripe: {
    text: '#30313d',
    secondary: '#4f566b',
    placeholder: '#6b7280',
    surface: '#ffffff',
    line: '#d9dce3',
    primary: '#0570de',
    danger: '#c0123c',
  },
  flat: {
    text: '#30313d',
    secondary: '#4f566b',
    placeholder: '#6b7280',
    surface: '#f1f3f6',
    line: '#f1f3f6',
    primary: '#0570de',
    danger: '#c0123c',
  },
  night: {
    text: '#f4f5f7',
    secondary: '#c1c5d0',
    placeholder: '#9aa1b0',
    surface: '#30313d',
    line: '#4a4d5c',
    primary: '#85a8ff',
    danger: '#ff9aa8',
  },
};

/** The variables of the original that mean something here, and the property that carries each. */
const VARIABLES = {
  colorPrimary: '--primary',
  colorBackground: '--surface',
  colorText: '--text',
  colorTextSecondary: '--secondary',
  colorTextPlaceholder: '--placeholder',
  colorDanger: '--danger',
  fontFamily: '--font',
  fontSizeBase: '--size',
  borderRadius: '--radius',
  gridRowSpacing: '--row-gap',
  gridColumnSpacing: '--column-gap',
};

/** The classes of the original's rules, and what they are here. */
const CLASSES = {
  Input: ':is(input, select)',
  'Input--invalid': ':is(input, select)[aria-invalid="true"]',
  Label: 'label',
  Error: '.error',
};

const sheet = new window.CSSStyleSheet();
document.adoptedStyleSheets = [sheet];

/** @param {Appearance | undefined} appearance */
export function applyAppearance(appearance) {
  const theme = appearance?.theme ?? 'stripe';
  const { style } = document.documentElement;
  style.colorScheme = theme === 'night' ? 'dark' : 'light';
  for (const [name, value] of Object.entries(THEMES[theme] ?? THEMES.stripe)) style.setProperty(`--${name}`, value);
  const variables = appearance?.variables ?? {};
  for (const [name, property] of Object.entries(VARIABLES)) {
    const value = /** @type {Record<string, string | undefined>} */ (variables)[name];
    if (value !== undefined) style.setProperty(property, value);
  }
  applyRules(appearance?.rules ?? {});
}

/** @param {NonNullable<Appearance['rules']>} rules */
function applyRules(rules) {
  sheet.replaceSync('');
  for (const [selector, declarations] of Object.entries(rules)) {
    const parts = /^\.(Input--invalid|Input|Label|Error)(:hover|:focus|:disabled|::placeholder)?$/.exec(selector);
    if (parts === null) continue;
    const name = /** @type {keyof typeof CLASSES} */ (parts[1]);
    sheet.insertRule(`${CLASSES[name]}${parts[2] ?? ''} {}`, sheet.cssRules.length);
    const rule = /** @type {CSSStyleRule} */ (sheet.cssRules[sheet.cssRules.length - 1]);
    for (const [property, value] of Object.entries(declarations)) {
      rule.style.setProperty(
        property.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        String(value),
      );
    }
  }
}
