/** What benchmarks have in common: pairs, their ratios, and how cost grows with size. */

/**
 * Runs the project's figure and its reference in turn, after one unmeasured round of each.
 *
 * @param {{ metric: string, unit: string, pairs: number, ours: () => Promise<number>, reference: () => Promise<number>,
 *   target?: number, atMost?: boolean, warmUp?: boolean }} comparison `atMost`: the ratio is to stay below the target
 */
export async function compare({ pairs, ours, reference, warmUp = true, ...what }) {
  const figures = { ours: [], reference: [] };
  if (warmUp) {
    await ours();
    await reference();
  }
  for (let pair = 0; pair < pairs; pair += 1) {
    figures.ours.push(await ours());
    figures.reference.push(await reference());
  }
  return { ...what, ...figures };
}

/** How often per second `work` is done by `count` workers, in about `seconds`. */
export async function rate(count, seconds, work) {
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: count }, async (_, worker) => {
      while (performance.now() < endMs) {
        await work(worker);
        done += 1;
      }
    }),
  );
  return (done * 1000) / (performance.now() - startMs);
}

/** Median, minimum and maximum of the ratios of the pairs. */
export function summarise({ ours, reference }) {
  const ratios = ours.map((figure, index) => figure / reference[index]);
  return { ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) } };
}

/**
 * The exponent by which cost grows with size: 1 is linear, 0 is not at all.
 * @param {{ size: number, cost: number }[]} sizes
 */
export function growth(metric, unit, sizes) {
  const points = sizes.map(({ size, cost }) => [Math.log(size), Math.log(cost)]);
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const rise = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  const run = points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  return { metric, unit, sizes, exponent: rise / run };
}

export function describeComparison({ metric, unit, ours, reference, ratio, target, atMost }) {
  const goal = target === undefined ? '' : `, goal ${atMost ? '≤' : '≥'} ${target}`;
  const figures = `${short(median(ours))} ÷ ${short(median(reference))} ${unit}`;
  return `${metric}: ${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}${goal}) — ${figures}`;
}

export function describeGrowth({ metric, unit, sizes, exponent }) {
  const points = sizes.map(({ size, cost }) => `${size}: ${short(cost)}`).join(', ');
  return `${metric}: grows by the exponent ${exponent.toFixed(2)} — ${unit} at ${points}`;
}

export function median(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function short(figure) {
  return figure >= 100 ? Math.round(figure).toLocaleString('en-US') : figure.toPrecision(3);
}
