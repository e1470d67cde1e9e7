/**
 * Prints the figures of the package and the comparison with other libraries. `--json` prints one line of JSON. `--full`
 * prints medians of three runs and includes slow rows. Measures the built package, so run `npm run build` first. Other
 * arguments are names of rows or their prefixes: `mirror` runs all rows about the mirror. A missed target is reported,
 * but isn't a failure.
 */
import { parseArgs } from 'node:util';
import { child, messageOf } from './harness/child.ts';
import { medianOfFigures, medianOfRows } from './harness/median.ts';
import type { ComparedRow } from './harness/comparison.ts';
import { isReached, type Row } from './harness/figure.ts';
import type { Found } from './harness/run-figure.ts';
import { comparedTable, figureLines } from './harness/table.ts';
import { registered } from './registry.ts';

/**
 * The measured thread itself collects garbage, and only when the benchmark requests it. Other busy cores therefore
 * don't matter.
 */
const steadyMemory = ['--expose-gc', '--single-threaded-gc'];

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, full: { type: 'boolean' } },
  allowPositionals: true,
});

const which = values.full || positionals.length > 0 ? 'all' : 'quick';

async function measure(file: URL): Promise<Found> {
  return messageOf<Found>(child(new URL('./harness/run-figure.ts', import.meta.url), [file.href, which], steadyMemory));
}

const figures: (Row & { readonly row: string })[] = [];
const compared: ComparedRow[] = [];
for (const { row, file } of await registered(positionals)) {
  const found: Found[] = [];
  for (let run = 0; run < (values.full ? 3 : 1); run += 1) found.push(await measure(file));
  const measured = found.flatMap((one) => ('figure' in one ? [one.figure] : []));
  if (measured.length > 0) {
    const figure = { row, ...medianOfFigures(measured) };
    figures.push(figure);
    if (!values.json) console.log(figureLines(figure));
  }
  compared.push(...medianOfRows(found.flatMap((one) => ('compared' in one ? [one.compared] : []))));
}

if (values.json) {
  console.log(
    JSON.stringify({
      node: process.version,
      figures: figures.map((figure) => ({ ...figure, reached: isReached(figure) })),
      libraries: compared,
    }),
  );
} else if (compared.length > 0) {
  console.log(`\n${comparedTable(compared)}`);
}
