import { describe, expect, it } from '@jest/globals';
import { comeToRest, customer, staff, worker } from './actors.js';
import { Simulation } from './simulation.js';

const SEEDS = Number(process.env['SIM_SEEDS'] ?? 1_000);
const ONLY = process.env['SIM_SEED'];
const MS_PER_SEED = 1_000;

async function simulate(seed: number): Promise<Simulation> {
  const simulation = new Simulation(seed);
  const customers = () => simulation.payables.map((payable) => () => customer(simulation, payable));
  await simulation.run(
    () => [...customers(), () => staff(simulation), () => worker(simulation)],
    () => comeToRest(simulation),
  );
  return simulation;
}

/** Seeds run one after the other; the first that breaks something ends the test, and its number repeats it. */
describe('the service under crashes, lost answers and impatience', () => {
  const seeds = ONLY === undefined ? Array.from({ length: SEEDS }, (_, index) => index + 1) : [Number(ONLY)];
  it(
    `charges once, forgets nothing and tells the truth (${seeds.length} seeds)`,
    async () => {
      const seen = new Map<string, number>();
      for (const seed of seeds) {
        const { world } = await simulate(seed);
        for (const { type } of world.store.all()) seen.set(type, (seen.get(type) ?? 0) + 1);
      }
      if (ONLY !== undefined) return;
      // A simulation in which nothing happens proves nothing.
      for (const type of ['PaymentCaptured', 'PaymentFailed', 'PaymentReleased', 'ReceiptSent', 'InvoiceVoided']) {
        expect({ type, often: (seen.get(type) ?? 0) > seeds.length / 20 }).toEqual({ type, often: true });
      }
    },
    Math.max(60_000, SEEDS * MS_PER_SEED),
  );

  it('does the same again for the same seed', async () => {
    const types = async () =>
      (await simulate(7)).world.store.all().map(({ type, data }) => [type, data['paymentIntentId']]);
    expect(await types()).toEqual(await types());
  });
});
