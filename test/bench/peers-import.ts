import { coldImportMs } from './harness/cold-import.ts';
import { quantile } from './harness/compare.ts';
import type { Cell, Comparison } from './harness/comparison.ts';
import { libraries } from './peers/libraries.ts';

const rounds = 10;

/** The processor time of importing a library in a cold process. The libraries alternate. */
export const comparison: Comparison = {
  async run() {
    const tasks = ['send', 'receive'] as const;
    const times = new Map<string, number[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const { imports } of libraries) {
        for (const entry of new Set(Object.values(imports))) times.set(entry, [...(times.get(entry) ?? []), await coldImportMs([entry])]);
      }
    }
    return tasks.map((task) => {
      const cells: Record<string, Cell> = {};
      for (const { name, imports } of libraries) cells[name] = quantile(times.get(imports[task]) ?? [], 0.5);
      return { name: task === 'send' ? 'import in a cold process, to send' : 'import in a cold process, to receive', unit: 'ms', cells };
    });
  },
};
