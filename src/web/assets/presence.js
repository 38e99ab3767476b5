/** Tells the server, once, that a person has the page before them. Mail scanners that run scripts do neither of these. */

const SETTLED_MS = 1000;
const DWELL_MS = 10_000;
const SIGNS = ['pointerdown', 'pointermove', 'touchstart', 'keydown', 'wheel', 'scroll', 'focusin'];

/** @param {import('./server.js').Server} server */
export function watchPresence(server) {
  let told = false;
  let visibleMs = 0;
  let shownAt = document.visibilityState === 'visible' ? performance.now() : undefined;

  /** @param {'interaction' | 'dwell' | 'download' | 'pay'} evidence */
  const tell = (evidence) => {
    if (told) return;
    told = true;
    stop();
    void server.post('opened', { evidence });
  };
  const visibleFor = () => visibleMs + (shownAt === undefined ? 0 : performance.now() - shownAt);
  const onSign = () => {
    if (visibleFor() >= SETTLED_MS && document.visibilityState === 'visible') tell('interaction');
  };
  const onVisibility = () => {
    visibleMs = visibleFor();
    shownAt = document.visibilityState === 'visible' ? performance.now() : undefined;
  };
  const clock = setInterval(() => {
    if (visibleFor() >= DWELL_MS) tell('dwell');
  }, 500);
  const stop = () => {
    clearInterval(clock);
    for (const sign of SIGNS) document.removeEventListener(sign, onSign, true);
    document.removeEventListener('visibilitychange', onVisibility);
  };

  for (const sign of SIGNS) document.addEventListener(sign, onSign, { capture: true, passive: true });
  document.addEventListener('visibilitychange', onVisibility);
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : undefined;
    if (target?.closest('[data-download]')) tell('download');
    if (target?.closest('[data-pay-now], [data-continue]')) tell('pay');
  });
}
