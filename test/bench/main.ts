/**
 * Prints the figures that the package keeps to; with `--json` as one line of JSON. It measures what was built: `npm run build` first.
 * A word after it runs only the figures whose names contain it.
 */
import { parseArgs } from 'node:util';
import { figure as acknowledgement } from './acknowledgement.ts';
import { figure as bundleParse } from './bundle-parse.ts';
import { figure as bundleVerify } from './bundle-verify.ts';
import { reaches, targetText, type Figure, type Measurement } from './harness/figure.ts';
import { figure as historyParse } from './history-parse.ts';
import { figure as textFetch } from './text-fetch.ts';
import { figure as textPeers } from './text-peers.ts';

const figures: readonly Figure[] = [historyParse, textFetch, textPeers, acknowledgement, bundleParse, bundleVerify];

interface Row extends Measurement {
  readonly name: string;
  readonly target: string;
  readonly reached: boolean;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function detailText(details: Measurement['details']): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? (value < 1000 ? rounded(value) : Math.round(value)) : value}`)
    .join(', ');
}

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const chosen = figures.filter(({ name }) => positionals.every((word) => name.includes(word)));
const rows: Row[] = [];
for (const { name, target, run } of chosen) {
  const measured = await run();
  rows.push({ name, target: targetText(target, measured.unit), reached: reaches(measured.value, target), ...measured });
}

if (values.json) {
  console.log(JSON.stringify({ node: process.version, figures: rows }));
} else {
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, value, unit, target, reached, details } of rows) {
    console.log(
      `${name.padEnd(width)}  ${String(rounded(value)).padStart(6)} ${unit.padEnd(2)}  ${target.padEnd(13)}  ${reached ? 'ok' : 'MISSED'}`,
    );
    console.log(`  ${detailText(details)}`);
  }
}
