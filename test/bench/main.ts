/**
 * Prints the figures that the package keeps to, and the libraries of the field side by side; with `--json` as one line of JSON, with `--full`
 * medians of three runs, and rows that take too long for a quick look. It measures what was built: `npm run build` first. Words after it are
 * names of rows, or how they begin: `mirror` runs all about the mirror. A figure that is missed is told, and is no failure: a benchmark informs.
 */
import { parseArgs } from 'node:util';
import { child, messageOf } from './harness/child.ts';
import { medianOfFigures, medianOfRows } from './harness/median.ts';
import type { ComparedRow } from './harness/comparison.ts';
import { isReached, type Row } from './harness/figure.ts';
import type { Found } from './harness/run-figure.ts';
import { comparedTable, figureLines } from './harness/table.ts';
import { registered } from './registry.ts';

/** Memory is cleared away by the measured thread, when the benchmark says: how busy the other cores are does not count. */
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
