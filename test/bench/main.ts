/**
 * Prints the figures that the package keeps to; with `--json` as one line of JSON. It measures what was built: `npm run build` first.
 * Words after it are names of files here, and only their figures are run.
 */
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { child, messageOf } from './harness/child.ts';
import { isReached, targetText, type Row } from './harness/figure.ts';

/** Memory is cleared away by the measured thread, when the benchmark says: how busy the other cores are does not count. */
const steadyMemory = ['--expose-gc', '--single-threaded-gc'];

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });

const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename)).sort();
const rows: Row[] = [];
for (const file of files) {
  if (positionals.length > 0 && !positionals.includes(basename(file, '.ts'))) continue;
  const script = new URL('./harness/run-figure.ts', import.meta.url);
  rows.push(await messageOf<Row>(child(script, [new URL(file, import.meta.url).href], steadyMemory)));
}

function rounded(value: number): number {
  return value < 1000 ? Number(value.toPrecision(3)) : Math.round(value);
}

if (values.json) {
  console.log(JSON.stringify({ node: process.version, figures: rows.map((row) => ({ ...row, reached: isReached(row) })) }));
} else {
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const row of rows) {
    const value = `${rounded(row.value)} ${row.unit}`;
    console.log(`${row.name.padEnd(width)}  ${value.padStart(9)}  ${targetText(row).padEnd(14)}  ${isReached(row) ? 'ok' : 'MISSED'}`);
    console.log(
      `  ${Object.entries(row.details)
        .map(([name, detail]) => `${name}: ${rounded(detail)}`)
        .join(', ')}`,
    );
  }
}
