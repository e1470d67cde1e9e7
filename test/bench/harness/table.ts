import { libraryNames } from '../peers/library.ts';
import type { Cell, ComparedRow } from './comparison.ts';
import { isReached, targetText, type Row } from './figure.ts';

/** Formats a figure: its row, value, target, result and name, followed by its details. */
export function figureLines(figure: Row & { readonly row: string }): string {
  const value = `${rounded(figure.value)} ${figure.unit}`;
  const reached = isReached(figure) ? 'ok' : 'MISSED';
  const details = Object.entries(figure.details).map(([name, detail]) => {
    const own = figure.also?.[name];
    return `${name}: ${rounded(detail)}${own ? ` (${targetText(own, '')})` : ''}`;
  });
  return [
    `${figure.row.padEnd(28)} ${value.padStart(9)}  ${targetText(figure.target, figure.unit).padEnd(15)} ${reached.padEnd(6)}  ${figure.name}`,
    `${' '.repeat(28)} ${details.join(', ')}`,
  ].join('\n');
}

/** Formats the comparison of libraries. */
export function comparedTable(rows: readonly ComparedRow[]): string {
  const lines = [
    ['', ...libraryNames],
    ...rows.map(({ name, unit, cells }) => [
      unit === '' ? name : `${name}, ${unit}`,
      ...libraryNames.map((library) => cellText(cells[library])),
    ]),
  ];
  const widths = ['', ...libraryNames].map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '))
    .join('\n');
}

function cellText(cell: Cell): string {
  if (cell === undefined) return '–';
  return typeof cell === 'number' ? String(rounded(cell)) : cell;
}

function rounded(value: number): number {
  return value < 1000 ? Number(value.toPrecision(3)) : Math.round(value);
}
