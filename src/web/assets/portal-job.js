/** Keeps the progress of a job up to date while it is looked at, and shows the report once it is through. */

const box = document.getElementById('progress');
const said = document.getElementById('job-said');
const address = box?.dataset['events'];
/** Read out at every quarter: each step would drown everything else. */
const SAY_EVERY_PERCENT = 25;

if (box && address) follow(box, address);

/** @param {HTMLElement} progress @param {string} from */
function follow(progress, from) {
  const events = new window.EventSource(from);
  const wasOver = 'over' in progress.dataset;
  let saidAt = 0;
  events.addEventListener('state', (event) => {
    /** @type {{ over: boolean, settled: boolean, percent: number, html: string }} */
    const { over, settled, percent, html } = JSON.parse(event.data);
    // Rendered by the server from its own templates, every value escaped.
    progress.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
    if (settled || (over && !wasOver)) events.close();
    if (over && !wasOver) {
      // The report is there now. What becomes of the messages is followed on from there.
      location.reload();
      return;
    }
    if (said && !over && percent >= saidAt + SAY_EVERY_PERCENT) {
      saidAt = percent - (percent % SAY_EVERY_PERCENT);
      said.textContent = `${saidAt} percent done.`;
    }
  });
}
