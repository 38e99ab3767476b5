import type { PillView } from '../pills.js';

/** Whether a branch takes cards. */
export function pillOfCards(isSetUp: boolean): PillView {
  return isSetUp
    ? { word: 'Set up', tone: 'good', shape: 'M5 12.5l4.5 4.5L19 7.5' }
    : { word: 'Not set up', tone: 'warn', shape: 'M12 4v10M12 19v.1' };
}
