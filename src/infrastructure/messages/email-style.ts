import { look } from '../look/tokens.js';

const { light, dark, space, text, radius, width, font } = look;
const TOUCH_PX = 44;
/** A word that is longer than a telephone is wide goes on below, in mail clients that know only the older way of saying so as well. */
const WRAP = 'word-break: break-word; overflow-wrap: anywhere;';

/**
 * The look of emails. Rules outside the media queries are inlined once, when the service starts, for clients that drop the
 * `style` element; the dark and the narrow ones stay there and must outweigh what was inlined.
 */
export const EMAIL_CSS = `
body { margin: 0; padding: 0; background-color: ${light.surface}; }
.preheader { display: none; max-height: 0; overflow: hidden; font-size: 1px; line-height: 1px; color: ${light.surface}; }
.page { width: 100%; background-color: ${light.surface}; }
.edge { padding: ${space[5]}px ${space[3]}px; }
.card { width: 100%; max-width: ${width.email}px; background-color: ${light.raised}; border: 1px solid ${light.line}; border-radius: ${radius.large}px; }
.inside { padding: ${space[5]}px; font-family: ${font}; font-size: ${text[1]}px; line-height: 1.5; color: ${light.ink}; text-align: left; ${WRAP} }
.logo { display: block; max-width: 180px; max-height: 44px; border: 0; margin: 0 0 ${space[2]}px; }
.branch { margin: 0 0 ${space[4]}px; font-size: ${text[2]}px; font-weight: 600; }
.note { margin: 0 0 ${space[3]}px; color: ${light.warn}; font-weight: 600; }
.words { margin: 0 0 ${space[3]}px; }
.panel { width: 100%; margin: ${space[4]}px 0; border-top: 1px solid ${light.line}; border-bottom: 1px solid ${light.line}; }
.sum { padding: ${space[3]}px 0; font-family: ${font}; font-size: ${text[1]}px; line-height: 1.5; color: ${light.ink}; ${WRAP} }
.label { margin: 0; font-size: ${text[0]}px; color: ${light.muted}; }
.amount { margin: 0; font-size: ${text[4]}px; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; }
.detail { margin: ${space[0]}px 0 0; font-size: ${text[1]}px; font-variant-numeric: tabular-nums; }
.quiet { margin: ${space[1]}px 0 0; font-size: ${text[0]}px; color: ${light.muted}; }
.button-cell { border-radius: ${radius.small}px; text-align: center; }
.button { display: inline-block; min-height: ${TOUCH_PX - 24}px; padding: 12px ${space[4]}px; font-family: ${font}; font-size: ${text[2]}px; line-height: 1.2; font-weight: 600; color: #ffffff; text-decoration: none; border-radius: ${radius.small}px; }
.plain { margin: ${space[2]}px 0 ${space[4]}px; font-size: ${text[0]}px; color: ${light.muted}; overflow-wrap: anywhere; word-break: break-all; }
.plain-link { color: ${light.muted}; }
.inline-link { color: ${light.ink}; }
.footer { padding: 0 ${space[5]}px ${space[5]}px; font-family: ${font}; font-size: ${text[0]}px; line-height: 1.5; color: ${light.muted}; text-align: left; ${WRAP} }
.footer-line { margin: 0 0 ${space[0]}px; }
@media (prefers-color-scheme: dark) {
  body, .page { background-color: ${dark.surface} !important; }
  .preheader { color: ${dark.surface} !important; }
  .card { background-color: ${dark.raised} !important; border-color: ${dark.line} !important; }
  .panel { border-color: ${dark.line} !important; }
  .inside, .sum, .inline-link { color: ${dark.ink} !important; }
  .note { color: ${dark.warn} !important; }
  .label, .quiet, .plain, .plain-link, .footer { color: ${dark.muted} !important; }
}
@media (max-width: 480px) {
  .edge { padding: ${space[1]}px !important; }
  .inside { padding: ${space[3]}px !important; }
  .footer { padding: 0 ${space[3]}px ${space[3]}px !important; }
  .button-table, .button { width: 100% !important; box-sizing: border-box; }
}
`;
