/**
 * `npm run bench [-- name…] [--quick]`: each benchmark runs the project's figure and its reference in turn (A B A B), because
 * only ratios taken in one run say anything. Prints them and keeps them in bench/results. A benchmark fails nothing.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { describeComparison, describeGrowth, summarise } from './support/comparison.js';

const BENCHES = ['command', 'project', 'store', 'start'];
/** These take minutes even at their smallest, so they run only when they are asked for by name. */
const ON_REQUEST = ['rebuild'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, events: { type: 'string' } },
});
const names = positionals.length > 0 ? positionals : BENCHES;
const unknown = names.filter((name) => ![...BENCHES, ...ON_REQUEST].includes(name));
const events = values.events === undefined ? undefined : Number(values.events);
if (unknown.length > 0) {
  fail(`There is no benchmark ${unknown.join(', ')}; there are ${[...BENCHES, ...ON_REQUEST].join(', ')}.`);
} else if (events !== undefined && !(Number.isInteger(events) && events >= 1_000 && events <= 10_000_000)) {
  fail('--events must be a whole number from 1000 to 10000000.');
} else {
  await runAll();
}

async function runAll() {
  const startedAt = new Date();
  const results = {};
  for (const name of names) {
    const { run } = await import(`./${name}.js`);
    console.log(`\n${name}${values.quick ? ' (quick)' : ''}`);
    const report = (line) => console.log(`  … ${line}`);
    const found = await run({ quick: values.quick, report, ...(events === undefined ? {} : { events }) });
    results[name] = found.map((result) => (result.sizes ? result : { ...result, ...summarise(result) }));
    for (const result of results[name]) {
      console.log(`  ${result.sizes ? describeGrowth(result) : describeComparison(result)}`);
    }
  }
  await keep(startedAt, results);
}

async function keep(startedAt, results) {
  const folder = new URL('results/', import.meta.url);
  await mkdir(folder, { recursive: true });
  const name = `${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}.json`;
  const machine = { cores: cpus().length, model: cpus()[0]?.model, node: process.version };
  const kept = { startedAt: startedAt.toISOString(), quick: values.quick, machine, results };
  await writeFile(new URL(name, folder), `${JSON.stringify(kept, undefined, 2)}\n`);
  console.log(`\nKept in bench/results/${name}`);
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
