/** The look of the inbox: two panes side by side, one after the other on a phone, light or dark as the machine is. */
export const INBOX_STYLE = `
:root { color-scheme: light dark; --ink: #17202a; --soft: #5d6b7a; --line: #dfe5eb; --page: #f4f6f8; --card: #fff;
  --accent: #1656c4; --picked: #e8f0fe; --bubble: #e3ebf6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #a0adbb; --line: #2c3743; --page: #11171d;
  --card: #19212a; --accent: #86b3ff; --picked: #22324a; --bubble: #26364c; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--page); color: var(--ink);
  font: 15px/1.5 Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header { padding: 14px 20px; border-bottom: 1px solid var(--line); background: var(--card); }
h1 { font-size: 18px; margin: 0; } h1 a { color: inherit; text-decoration: none; }
header p { margin: 2px 0 0; color: var(--soft); font-size: 14px; }
main { flex: 1; display: grid; grid-template-columns: minmax(280px, 380px) 1fr; min-height: 0; }
a { color: var(--accent); } a:focus-visible { outline: 3px solid var(--accent); outline-offset: -3px; border-radius: 4px; }
.list { border-right: 1px solid var(--line); background: var(--card); overflow-y: auto; max-height: calc(100vh - 74px); }
.list ol { list-style: none; margin: 0; padding: 0; }
.list li a { display: block; padding: 12px 20px; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none; }
.list li a:hover { background: var(--page); } .list li a[aria-current] { background: var(--picked); }
.row { display: flex; gap: 10px; justify-content: space-between; font-size: 13px; color: var(--soft); }
.row b { color: var(--ink); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row time { flex: none; font-variant-numeric: tabular-nums; }
.subject, .peek { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.peek { color: var(--soft); font-size: 13px; }
.tag { display: inline-block; padding: 0 7px; margin-right: 6px; border: 1px solid var(--line); border-radius: 9px;
  font-size: 12px; color: var(--soft); }
.more, .none { padding: 16px 20px; color: var(--soft); margin: 0; }
article { display: flex; flex-direction: column; min-width: 0; padding: 20px; gap: 14px; }
article h2 { font-size: 20px; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0; font-size: 14px; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
iframe { flex: 1; width: 100%; min-height: 480px; border: 1px solid var(--line); border-radius: 10px; background: #fff; }
.bubble { align-self: flex-start; max-width: 34em; padding: 12px 16px; border-radius: 18px 18px 18px 5px;
  background: var(--bubble); white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.plain { padding: 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--card);
  white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: inherit; }
.files { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 0; padding: 0; }
.files a { display: block; padding: 6px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--card);
  text-decoration: none; font-size: 14px; }
.empty { margin: auto; max-width: 30em; padding: 40px 20px; text-align: center; color: var(--soft); }
.empty h2 { color: var(--ink); font-size: 18px; margin: 0 0 6px; }
@media (max-width: 760px) { main { grid-template-columns: 1fr; } .list { border-right: 0; max-height: none; }
  main.reading .list { display: none; } main:not(.reading) article { display: none; } iframe { min-height: 70vh; } }
`;

/** Shows what has come since, without losing the reader's place; without it a press on reload does the same. */
export const INBOX_SCRIPT = `
const list = document.querySelector('.list');
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.pathname + '?part=list' + location.search.replace('?', '&'));
    if (!answer.ok) return;
    const fresh = await answer.text();
    if (fresh === list.dataset.shown) return;
    const focused = document.activeElement?.getAttribute?.('href');
    list.innerHTML = fresh;
    list.dataset.shown = fresh;
    for (const link of list.querySelectorAll('a')) if (link.getAttribute('href') === focused) link.focus();
  } catch {}
}, 2000);
`;
