import { quantile } from './compare.ts';
import type { Cell, ComparedRow } from './comparison.ts';
import type { Row } from './figure.ts';

/** Returns the run with the median value, and its details. */
export function medianOfFigures(runs: readonly Row[]): Row {
  const inOrder = [...runs].sort((one, other) => one.value - other.value);
  const middle = inOrder[Math.floor(inOrder.length / 2)];
  if (!middle) throw new RangeError('There was no run.');
  return middle;
}

/** Returns the rows of several runs with the median of each numeric cell. For words, the first one is used. */
export function medianOfRows(runs: readonly (readonly ComparedRow[])[]): readonly ComparedRow[] {
  const [first = []] = runs;
  return first.map((row, index) => {
    const entries = Object.entries(row.cells).map(([name, cell]): readonly [string, Cell] => {
      if (typeof cell !== 'number') return [name, cell];
      const cells = runs.map((rows) => new Map(Object.entries(rows[index]?.cells ?? {})).get(name));
      const numbers = cells.filter((one) => typeof one === 'number');
      return [name, quantile(numbers, 0.5)];
    });
    return { ...row, cells: Object.fromEntries(entries) };
  });
}
