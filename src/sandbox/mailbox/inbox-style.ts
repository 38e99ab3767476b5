/** The look of the inbox: two panes side by side, one after the other on a phone, light or dark as the machine is. */
export const INBOX_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#171a21, #eceef2); --muted: light-dark(#565e6c, #a6aebb);
  --line: light-dark(#dce0e7, #343b46); --surface: light-dark(#f4f5f8, #0f1216); --raised: light-dark(#fff, #181c22);
  --accent: light-dark(#1d4ed8, #93b4ff); --on-accent: light-dark(#fff, #0f1216); --warn: light-dark(#855000, #f1bd62);
  --picked: light-dark(#e8eefc, #222c42); --bubble: light-dark(#e8eaef, #2a303a); --case: light-dark(#2a2f39, #454d5b); }
* { box-sizing: border-box; }
html { height: 100%; }
body { margin: 0; height: 100dvh; display: flex; flex-direction: column; background: var(--surface); color: var(--ink);
  font: 15px/1.5 "Inter Variable", Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header { display: flex; align-items: baseline; gap: 16px; padding: 12px 24px; border-bottom: 1px solid var(--line);
  background: var(--raised); }
h1 { font-size: 20px; line-height: 1.2; font-weight: 650; margin: 0; } h1 a { color: inherit; text-decoration: none; }
header p { margin: 0; color: var(--muted); font-size: 13px; }
main { flex: 1; display: grid; grid-template-columns: minmax(280px, 380px) minmax(0, 1fr); min-height: 0; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
.list a:focus-visible { outline-offset: -3px; }
.side { display: flex; flex-direction: column; min-height: 0; border-right: 1px solid var(--line); background: var(--raised); }
.search { padding: 12px 16px; border-bottom: 1px solid var(--line); }
.search label, .composer label { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
input { width: 100%; min-height: 44px; padding: 0 12px; font: inherit; color: inherit; background: var(--surface);
  border: 1px solid var(--line); border-radius: 6px; }
input::placeholder { color: var(--muted); opacity: 1; }
.chip { margin: 8px 0 0; font-size: 13px; color: var(--muted); overflow-wrap: anywhere; }
.list { flex: 1; overflow-y: auto; overscroll-behavior: contain; }
.list ol { list-style: none; margin: 0; padding: 0; }
.list li a { display: block; padding: 12px 16px; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none; }
.list li a:hover { background: var(--surface); } .list li a[aria-current] { background: var(--picked); }
.row { display: flex; gap: 12px; justify-content: space-between; font-size: 13px; color: var(--muted); }
.row b { color: var(--ink); font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
time { flex: none; font-variant-numeric: tabular-nums; }
.subject, .peek { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.peek { color: var(--muted); font-size: 13px; }
.tag { display: inline-block; padding: 0 8px; margin-right: 4px; border: 1px solid var(--line); border-radius: 12px;
  font-size: 13px; line-height: 1.4; color: var(--muted); }
.none { padding: 16px; color: var(--muted); margin: 0; }
.pages { display: flex; justify-content: space-between; margin: 0; padding: 4px 16px; }
.pages a, .back { display: inline-flex; align-items: center; min-height: 44px; }
.pages a:only-child:last-child { margin-left: auto; }
article { min-width: 0; overflow-y: auto; padding: 24px; display: flex; flex-direction: column; }
.back { display: none; align-self: flex-start; }
article h2 { font-size: 20px; line-height: 1.2; font-weight: 650; margin: 0; overflow-wrap: anywhere; }
.mail { flex: 1; display: flex; flex-direction: column; gap: 16px; width: 100%; max-width: 860px; margin: 0 auto; padding: 24px;
  background: var(--raised); border: 1px solid var(--line); border-radius: 12px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; font-size: 13px; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.bars { display: flex; flex-wrap: wrap; gap: 8px 24px; justify-content: space-between; border-bottom: 1px solid var(--line); }
.bar { display: flex; gap: 16px; }
.bar a { display: inline-flex; align-items: center; min-height: 44px; color: var(--muted); text-decoration: none;
  border-bottom: 2px solid transparent; font-size: 13px; }
.bar a[aria-current=true] { color: var(--ink); border-color: var(--accent); font-weight: 500; }
iframe { flex: 1; width: 100%; min-height: 560px; border: 0; border-radius: 6px; background: Canvas; }
.plain { padding: 16px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface);
  white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: inherit; }
.source { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.files { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0; padding: 0; }
.files a { display: inline-flex; align-items: center; min-height: 44px; padding: 0 12px; border: 1px solid var(--line);
  border-radius: 6px; text-decoration: none; font-size: 13px; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
.actions form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.hint { font-size: 13px; color: var(--muted); }
.actions .state { flex-basis: 100%; }
.state { margin: 0; color: var(--warn); font-size: 13px; font-weight: 500; }
button { min-height: 44px; padding: 0 16px; font: inherit; font-weight: 500; color: inherit; cursor: pointer;
  background: var(--raised); border: 1px solid var(--line); border-radius: 6px; transition: background 120ms ease-out; }
button:hover { background: var(--surface); }
.desk { flex: 1; display: flex; flex-direction: column; align-items: center; gap: 16px; min-height: 0; }
.phone { flex: 1; display: flex; flex-direction: column; width: min(390px, 100%); min-height: 420px; max-height: 760px;
  background: var(--raised); border: 10px solid var(--case); border-radius: 40px; overflow: hidden; }
.caller { margin: 0; padding: 12px; text-align: center; font-weight: 500; border-bottom: 1px solid var(--line);
  font-variant-numeric: tabular-nums; }
.talk { flex: 1; overflow-y: auto; padding: 16px; }
.talk:focus-visible { outline-offset: -3px; }
.talk ol { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 12px; }
.talk li { display: flex; flex-direction: column; align-items: flex-start; max-width: 85%; }
.talk .mine { align-self: flex-end; align-items: flex-end; }
.bubble { margin: 0; padding: 8px 12px; border-radius: 16px 16px 16px 4px; background: var(--bubble); white-space: pre-wrap;
  overflow-wrap: anywhere; }
.mine .bubble { border-radius: 16px 16px 4px 16px; background: var(--accent); color: var(--on-accent); }
.mine .bubble a { color: inherit; }
.when { font-size: 13px; color: var(--muted); }
.composer { display: flex; gap: 8px; padding: 12px; border-top: 1px solid var(--line); }
.composer input { flex: 1; min-width: 0; border-radius: 22px; }
.composer button { border-radius: 22px; background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.empty { margin: auto; max-width: 30em; padding: 32px 16px; text-align: center; color: var(--muted); }
.empty h2 { color: var(--ink); margin: 0 0 8px; } .empty p { margin: 0; }
.empty .keys { margin-top: 16px; font-size: 13px; }
kbd { font: inherit; padding: 0 6px; margin-left: 8px; border: 1px solid var(--line); border-radius: 4px; background: var(--raised); }
@media (max-width: 760px) {
  header { display: block; padding: 12px 16px; } main { grid-template-columns: minmax(0, 1fr); } .side { border-right: 0; }
  .reading .side, body:not(.reading) article { display: none; } .reading header p { display: none; }
  .back { display: inline-flex; } article { padding: 0 16px 16px; } .mail { padding: 16px; }
  .phone { min-height: 380px; border-width: 6px; border-radius: 32px; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;
